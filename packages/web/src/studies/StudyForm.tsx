import { STUDY_ARMS, type StudyArm } from '@leeway/contract/studies'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea, TextField } from '../design/Field.tsx'
import { useRubric, useRubrics } from '../rubrics/queries.ts'
import { useSetUpStudy } from './queries.ts'
import { ARM_WORDS, powerWords } from './study-words.ts'

const CONSENT =
  'You answer questions about recorded runs of an AI agent and say how sure you are. Your answers and their times are stored and analysed together with those of others. You may stop at any time.'

/** Fixes a study. What its size can find is told while one types. */
export function StudyForm({ project, onDone }: { readonly project: string; readonly onDone: () => void }) {
  const rubrics = useRubrics(project).data ?? []
  const [name, setName] = useState('')
  const [question, setQuestion] = useState('')
  const [rubric, setRubric] = useState('')
  const chosen = rubric || (rubrics[0]?.id ?? '')
  const [criterion, setCriterion] = useState('')
  const [help, setHelp] = useState<StudyArm>('critique')
  const [raters, setRaters] = useState('12')
  const [items, setItems] = useState('30')
  const [control, setControl] = useState('70')
  const [difference, setDifference] = useState('15')
  const [consent, setConsent] = useState(CONSENT)
  const setUp = useSetUpStudy(project)
  const plan = {
    raters: Number(raters),
    itemsPerRater: Number(items),
    items: null,
    arms: 2,
    control: Number(control) / 100,
    difference: Number(difference) / 100,
  }
  return (
    <form
      className="grid gap-3 rounded-lg border border-line bg-surface p-4 sm:grid-cols-2 sm:p-5 lg:grid-cols-3"
      aria-label="Set up a study"
      onSubmit={(event) => {
        event.preventDefault()
        setUp.mutate(
          {
            name,
            question,
            rubric: chosen,
            criterion,
            arms: ['unaided', help],
            raters: plan.raters,
            itemsPerRater: plan.itemsPerRater,
            consent,
            expected: { control: plan.control, difference: plan.difference },
          },
          { onSuccess: onDone },
        )
      }}
    >
      <TextField label="Name" required value={name} onChange={(event) => setName(event.target.value)} />
      <div className="sm:col-span-1 lg:col-span-2">
        <TextField
          label="What is to be found out"
          required
          minLength={10}
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
        />
      </div>
      <SelectField label="Rubric" value={chosen} onChange={(event) => setRubric(event.target.value)}>
        {rubrics.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}, version {one.version}
          </option>
        ))}
      </SelectField>
      {chosen === '' ? null : (
        <CriterionField project={project} rubric={chosen} value={criterion} onChange={setCriterion} />
      )}
      <SelectField
        label="Without help, compared with"
        value={help}
        onChange={(event) => setHelp(event.target.value as StudyArm)}
      >
        {STUDY_ARMS.filter((arm) => arm !== 'unaided').map((arm) => (
          <option key={arm} value={arm}>
            {ARM_WORDS[arm]}
          </option>
        ))}
      </SelectField>
      <TextField
        label="People"
        type="number"
        min={1}
        max={500}
        required
        value={raters}
        onChange={(event) => setRaters(event.target.value)}
      />
      <TextField
        label="Items for each"
        hint="Each meets an item once; half of them with help, drawn."
        type="number"
        min={2}
        max={500}
        required
        value={items}
        onChange={(event) => setItems(event.target.value)}
      />
      <TextField
        label="Right without help, %"
        hint="As you expect it."
        type="number"
        min={1}
        max={99}
        required
        value={control}
        onChange={(event) => setControl(event.target.value)}
      />
      <TextField
        label="Difference worth finding, points"
        type="number"
        min={-99}
        max={99}
        required
        value={difference}
        onChange={(event) => setDifference(event.target.value)}
      />
      <p className="figures text-14 sm:col-span-full" aria-live="polite">
        {powerWords(plan)}
      </p>
      <div className="sm:col-span-full">
        <TextArea
          label="What people agree to"
          required
          minLength={20}
          value={consent}
          onChange={(event) => setConsent(event.target.value)}
        />
      </div>
      <div className="flex items-end gap-2 sm:col-span-full">
        <Button type="submit" kind="primary" disabled={setUp.isPending || criterion === ''}>
          {setUp.isPending ? 'Fixing…' : 'Fix the study'}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {setUp.isError ? (
        <div className="sm:col-span-full">
          <Failure error={setUp.error} />
        </div>
      ) : null}
    </form>
  )
}

function CriterionField({
  project,
  rubric,
  value,
  onChange,
}: {
  readonly project: string
  readonly rubric: string
  readonly value: string
  readonly onChange: (criterion: string) => void
}) {
  const nodes = useRubric(project, rubric).data?.nodes ?? []
  return (
    <SelectField
      label="Question"
      hint="Its answers must be known for some episodes."
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">Choose one</option>
      {nodes.map(({ id, criterion }) =>
        criterion?.scale.kind === 'yes-no' ? (
          <option key={id} value={id}>
            {criterion.question}
          </option>
        ) : null,
      )}
    </SelectField>
  )
}
