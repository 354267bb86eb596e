import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePolicies } from '../episodes/queries.ts'
import { formatCountOf } from '../numbers/format-number.ts'
import { useRaters } from '../raters/queries.ts'
import { useAskComparisons, usePairwiseQuestions } from './queries.ts'

/** By which question, which policies, how many pairs, and who is asked. */
export function AskForm({ project }: { readonly project: string }) {
  const questions = usePairwiseQuestions(project)
  const [chosen, setChosen] = useState(0)
  if (questions.isPending) return <Loading what="the questions" rows={3} />
  if (questions.isError) return <Failure error={questions.error} onRetry={() => questions.refetch()} />
  const question = questions.data[chosen] ?? questions.data[0]
  if (question === undefined)
    return (
      <p className="text-14 text-ink-2">
        No question of a rubric compares two runs. Give one the scale <code>pairwise</code>.
      </p>
    )
  return (
    <div className="space-y-3">
      <SelectField
        label="Question"
        value={chosen}
        onChange={(event) => setChosen(Number(event.target.value))}
      >
        {questions.data.map((one, at) => (
          <option key={`${one.rubric} ${one.criterion}`} value={at}>
            {one.agent}: {one.question}
          </option>
        ))}
      </SelectField>
      <PairsForm key={chosen} project={project} question={question} />
    </div>
  )
}

function PairsForm({
  project,
  question,
}: {
  readonly project: string
  readonly question: { readonly rubric: string; readonly agent: string; readonly criterion: string }
}) {
  const { rubric, agent, criterion } = question
  const policies = [...new Set((usePolicies(project, agent).data ?? []).map(({ name }) => name))].sort()
  const models = (useRaters(project).data?.items ?? []).filter(({ kind }) => kind === 'model')
  const [named, setNamed] = useState<readonly string[]>([])
  const [judges, setJudges] = useState<readonly string[]>([])
  const [pairs, setPairs] = useState('40')
  const [answersWanted, setAnswersWanted] = useState('2')
  const ask = useAskComparisons(project)
  return (
    <form
      className="grid gap-3 sm:grid-cols-2"
      aria-label="Have runs compared"
      onSubmit={(event) => {
        event.preventDefault()
        ask.mutate({
          rubric,
          criterion,
          policies: [...named],
          judges: [...judges],
          pairs: Number(pairs),
          answersWanted: Number(answersWanted),
        })
      }}
    >
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
