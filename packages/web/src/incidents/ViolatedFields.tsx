import { optionsOf } from '@leeway/core/rubrics/scale'
import { SelectField } from '../design/Field.tsx'
import { useRubric, useRubrics } from '../rubrics/queries.ts'

/** `value` is '' until one is chosen. */
export type Violated = { readonly criterionSha256: string; readonly value: string }

/** Which question of the agent's newest rubric the episode violated, and the right answer. Nothing where it has no rubric. */
export function ViolatedFields({
  project,
  agent,
  violated,
  onChange,
}: {
  readonly project: string
  readonly agent: string
  readonly violated: Violated | null
  readonly onChange: (violated: Violated | null) => void
}) {
  const rubrics = useRubrics(project)
  const rubric = rubrics.data?.find((one) => one.agent === agent)
  return rubric === undefined ? null : (
    <Questions project={project} rubric={rubric.id} violated={violated} onChange={onChange} />
  )
}

function Questions({
  project,
  rubric,
  violated,
  onChange,
}: {
  readonly project: string
  readonly rubric: string
  readonly violated: Violated | null
  readonly onChange: (violated: Violated | null) => void
}) {
  const shown = useRubric(project, rubric)
  const questions = (shown.data?.nodes ?? []).flatMap(({ criterion }) =>
    criterion?.answeredBy.includes('human') && optionsOf(criterion.scale) !== null ? [criterion] : [],
  )
  if (questions.length === 0) return null
  const asked = questions.find(({ sha256 }) => sha256 === violated?.criterionSha256)
  return (
    <>
      <SelectField
        label="Question that it violated"
        hint="With one, the episode becomes a known answer, which raters meet unmarked from now on."
        value={violated?.criterionSha256 ?? ''}
        onChange={({ target }) =>
          onChange(target.value === '' ? null : { criterionSha256: target.value, value: '' })
        }
      >
        <option value="">None</option>
        {questions.map(({ sha256, question }) => (
          <option key={sha256} value={sha256}>
            {question}
          </option>
        ))}
      </SelectField>
      {violated === null || asked === undefined ? null : (
        <SelectField
          label="Right answer about this episode"
          required
          value={violated.value}
          onChange={({ target }) => onChange({ ...violated, value: target.value })}
        >
          <option value="">Choose one</option>
          {(optionsOf(asked.scale) ?? []).map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </SelectField>
      )}
    </>
  )
}
