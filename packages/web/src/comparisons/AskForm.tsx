import type { RubricView } from '@leeway/contract/rubrics'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { usePolicies } from '../episodes/queries.ts'
import { formatCountOf } from '../numbers/format-number.ts'
import { useRaters } from '../raters/queries.ts'
import { useRubric, useRubrics } from '../rubrics/queries.ts'
import { useAskComparisons } from './queries.ts'

/** Which policies, by which question, how many pairs, and who is asked. */
export function AskForm({ project }: { readonly project: string }) {
  const rubrics = useRubrics(project).data ?? []
  const [chosen, setRubric] = useState('')
  const rubric = chosen || (rubrics[0]?.id ?? '')
  const shown = useRubric(project, rubric)
  if (rubrics.length === 0)
    return (
      <p className="text-14 text-ink-2">
        There is no rubric yet. Pairs are compared by one of its questions.
      </p>
    )
  return (
    <div className="space-y-3">
      <SelectField label="Rubric" value={rubric} onChange={(event) => setRubric(event.target.value)}>
        {rubrics.map(({ id, name, agent }) => (
          <option key={id} value={id}>
            {agent}: {name}
          </option>
        ))}
      </SelectField>
      {shown.isError ? <Failure error={shown.error} onRetry={() => shown.refetch()} /> : null}
      {shown.data === undefined ? null : <PairsForm key={rubric} project={project} rubric={shown.data} />}
    </div>
  )
}

function PairsForm({ project, rubric }: { readonly project: string; readonly rubric: RubricView }) {
  const questions = rubric.nodes.flatMap(({ criterion }) =>
    criterion?.scale.kind === 'pairwise' ? [criterion] : [],
  )
  const policies = [
    ...new Set((usePolicies(project, rubric.agent).data ?? []).map(({ name }) => name)),
  ].sort()
  const models = (useRaters(project).data?.items ?? []).filter(({ kind }) => kind === 'model')
  const [criterion, setCriterion] = useState(questions[0]?.id ?? '')
  const [named, setNamed] = useState<readonly string[]>([])
  const [judges, setJudges] = useState<readonly string[]>([])
  const [pairs, setPairs] = useState('40')
  const [answersWanted, setAnswersWanted] = useState('2')
  const ask = useAskComparisons(project)
  if (questions.length === 0)
    return (
      <p className="text-14 text-ink-2">
        No question of this rubric compares two runs. Give one the scale <code>pairwise</code>.
      </p>
    )
  return (
    <form
      className="grid gap-3 sm:grid-cols-2"
      aria-label="Have runs compared"
      onSubmit={(event) => {
        event.preventDefault()
        ask.mutate({
          rubric: rubric.id,
          criterion,
          policies: [...named],
          judges: [...judges],
          pairs: Number(pairs),
          answersWanted: Number(answersWanted),
        })
      }}
    >
      <div className="sm:col-span-2">
        <SelectField
          label="Question"
          value={criterion}
          onChange={(event) => setCriterion(event.target.value)}
        >
          {questions.map(({ id, question }) => (
            <option key={id} value={id}>
              {question}
            </option>
          ))}
        </SelectField>
      </div>
      <Boxes
        title="Policies"
        names={policies.map((name) => ({ id: name, name }))}
        chosen={named}
        onChange={setNamed}
      />
      {models.length === 0 ? null : (
        <Boxes title="Models that answer too" names={models} chosen={judges} onChange={setJudges} />
      )}
      <TextField
        label="Pairs at most"
        hint="Drawn at random, every task before a second pair of any."
        type="number"
        min={1}
        max={2000}
        required
        value={pairs}
        onChange={(event) => setPairs(event.target.value)}
      />
      <TextField
        label="Answers of people to each"
        type="number"
        min={0}
        max={20}
        required
        value={answersWanted}
        onChange={(event) => setAnswersWanted(event.target.value)}
      />
      <div className="sm:col-span-2">
        <Button type="submit" kind="primary" disabled={named.length === 0 || ask.isPending}>
          {ask.isPending ? 'Drawing…' : 'Draw the pairs'}
        </Button>
        {ask.data === undefined ? null : (
          <p className="figures mt-2 text-14" role="status">
            {formatCountOf(ask.data.added, 'pair')} in the inbox
            {ask.data.alike === 0
              ? '.'
              : `; in ${formatCountOf(ask.data.alike, 'other')} both runs are the same.`}
          </p>
        )}
      </div>
      {ask.isError ? <Failure error={ask.error} /> : null}
    </form>
  )
}

function Boxes({
  title,
  names,
  chosen,
  onChange,
}: {
  readonly title: string
  readonly names: readonly { readonly id: string; readonly name: string }[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-12 font-semibold text-ink-2">{title}</legend>
      <div className="max-h-48 space-y-1 overflow-y-auto">
        {names.map(({ id, name }) => (
          <label key={id} className="flex items-center gap-2 text-14">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={() =>
                onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
              }
            />
            <bdi className="[overflow-wrap:anywhere]">{name}</bdi>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
