import type { SplitNode } from '@leeway/contract/splits'
import { SPLIT_RULES, type SplitRule } from '@leeway/core/oversight/combine-parts'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { type NewPart, PartFields, type Splittable } from './PartFields.tsx'
import { useJudges, usePlanSplit, useSaveSplit } from './queries.ts'
import { planWords, RULE_WORDS } from './split-words.ts'

const PARTS_MIN = 2
const PARTS_MAX = 12

/** The parts of one question, by whom each is answered, and what the planner says of it. */
export function PartsForm({
  project,
  rubric,
  whole,
  known,
  nodes,
}: {
  readonly project: string
  readonly rubric: string
  readonly whole: Splittable
  /** Other questions that can be parts. */
  readonly known: readonly Splittable[]
  /** Of all split questions: what stands now. */
  readonly nodes: readonly SplitNode[]
}) {
  const before = nodes.filter(({ parent }) => parent === whole.sha256)
  const isSplit = before.length > 0
  const [rule, setRule] = useState<SplitRule>(
    nodes.find(({ sha256 }) => sha256 === whole.sha256)?.rule ?? 'all',
  )
  const [parts, setParts] = useState<readonly NewPart[]>(
    isSplit ? before.map(partOf) : Array.from({ length: PARTS_MIN }, emptyPart),
  )
  const [answers, setAnswers] = useState(String(before[0]?.answersWanted ?? 1))
  const judges = useJudges(project)
  const [judge, setJudge] = useState('')
  const plan = usePlanSplit(project)
  const save = useSaveSplit(project)
  const written = parts.filter(({ question }) => question.trim() !== '')
  const wanted = {
    rubric,
    criterionSha256: whole.sha256,
    rule,
    parts: written.map((part) => ({ ...part, answeredBy: [...part.answeredBy] })),
    answersWanted: Number(answers),
    judge: judge === '' ? null : judge,
  }
  const change = (place: number, part: NewPart) =>
    setParts(parts.map((one, at) => (at === place ? part : one)))
  const isReady = written.length >= PARTS_MIN && !save.isPending && !plan.isPending
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        plan.reset()
        save.mutate(wanted)
      }}
    >
      <ol className="space-y-3">
        {parts.map((part, place) => (
          <PartFields
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place
            key={place}
            place={place}
            part={part}
            known={known}
            onChange={(changed) => change(place, changed)}
            onTake={(sha256) => {
              const taken = known.find((one) => one.sha256 === sha256)
              if (taken !== undefined) change(place, partOf(taken))
            }}
          />
        ))}
      </ol>
      {parts.length < PARTS_MAX ? (
        <Button size="small" onClick={() => setParts([...parts, emptyPart()])}>
          Another part
        </Button>
      ) : null}
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField
          label="The whole"
          value={rule}
          onChange={(event) => setRule(event.target.value as SplitRule)}
        >
          {SPLIT_RULES.map((one) => (
            <option key={one} value={one}>
              {RULE_WORDS[one]}
            </option>
          ))}
        </SelectField>
        <TextField
          label="People who answer each part"
          type="number"
          min={0}
          max={9}
          required
          value={answers}
          onChange={(event) => setAnswers(event.target.value)}
        />
        <SelectField
          label="Model that answers each part"
          hint="Declared on the command line, with its price."
          value={judge}
          onChange={(event) => setJudge(event.target.value)}
        >
          <option value="">None</option>
          {(judges.data?.items ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" disabled={!isReady}>
          {save.isPending ? 'Saving…' : 'Save the split'}
        </Button>
        <Button
          disabled={!isReady}
          onClick={() => {
            save.reset()
            plan.mutate(wanted)
          }}
        >
          {plan.isPending ? 'Asking…' : 'Would it hurt?'}
        </Button>
        {isSplit ? (
          <Button kind="danger" onClick={() => save.mutate({ ...wanted, parts: [] })}>
            Ask it as a whole only
          </Button>
        ) : null}
      </div>
      {plan.data === undefined ? null : (
        <div role="status">
          <ul className="figures max-w-[80ch] space-y-1 text-14">
            {planWords(plan.data).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {save.data === undefined ? null : (
        <p className="text-14" role="status">
          {save.data.added ? 'Saved.' : 'That is how it is split already.'}
        </p>
      )}
      {plan.isError ? <Failure error={plan.error} /> : null}
      {save.isError ? <Failure error={save.error} /> : null}
    </form>
  )
}

const emptyPart = (): NewPart => ({ question: '', guidance: '', good: 'yes', answeredBy: ['human', 'model'] })

const partOf = ({ question, guidance, good, answeredBy }: Splittable): NewPart => ({
  question,
  guidance,
  good,
  answeredBy,
})
