import type { SplitReport } from '@leeway/contract/splits'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { useSetSplitRules } from './queries.ts'

const START = { share: 0.5, depthMax: 2, answersMax: 12, usdMax: 0.1 }

export function SplitRulesForm({
  project,
  rules,
  onDone,
}: {
  readonly project: string
  readonly rules: SplitReport['rules']
  readonly onDone: () => void
}) {
  const from = rules ?? START
  const [share, setShare] = useState(String(Math.round(100 * from.share)))
  const [depth, setDepth] = useState(String(from.depthMax))
  const [answers, setAnswers] = useState(String(from.answersMax))
  const [usd, setUsd] = useState(String(from.usdMax))
  const save = useSetSplitRules(project)
  return (
    <form
      className="mt-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-4"
      onSubmit={(event) => {
        event.preventDefault()
        const wanted = {
          share: Number(share) / 100,
          depthMax: Number(depth),
          answersMax: Number(answers),
          usdMax: Number(usd),
        }
        save.mutate(wanted, { onSuccess: onDone })
      }}
    >
      <TextField
        label="Shown after, % of first answers"
        hint="The others go without, for comparison."
        type="number"
        min={0}
        max={100}
        required
        value={share}
        onChange={(event) => setShare(event.target.value)}
      />
      <TextField
        label="Levels below a question"
        type="number"
        min={1}
        max={5}
        required
        value={depth}
        onChange={(event) => setDepth(event.target.value)}
      />
      <TextField
        label="Answers of people below a question"
        hint="About one episode."
        type="number"
        min={0}
        max={200}
        required
        value={answers}
        onChange={(event) => setAnswers(event.target.value)}
      />
      <TextField
        label="US dollars for models below it"
        hint="About one episode. The limit of the day holds, too."
        type="number"
        min={0}
        max={1000}
        step="any"
        required
        value={usd}
        onChange={(event) => setUsd(event.target.value)}
      />
      <div className="flex items-end gap-2 sm:col-span-2">
        <Button type="submit" kind="primary" disabled={save.isPending}>
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {save.isError ? <Failure error={save.error} /> : null}
    </form>
  )
}
