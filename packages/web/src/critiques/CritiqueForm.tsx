import type { CritiqueReport } from '@leeway/contract/critiques'
import { useId, useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { useSetCritiqueRules } from './queries.ts'

const COSTS = [0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100]

export const CRITIQUE_START = { share: 0.5, missedCost: 3 }

export function CritiqueForm({
  project,
  rules,
  cost,
  setCost,
  onDone,
}: {
  readonly project: string
  readonly rules: CritiqueReport['rules']
  /** What a missed flaw costs, as the knob stands: the picture beside it follows. */
  readonly cost: number
  readonly setCost: (cost: number) => void
  readonly onDone: () => void
}) {
  const from = rules ?? CRITIQUE_START
  const knob = useId()
  const [share, setShare] = useState(String(Math.round(100 * from.share)))
  const costs = [...new Set([...COSTS, from.missedCost])].sort((a, b) => a - b)
  const save = useSetCritiqueRules(project)
  return (
    <form
      className="mt-4 grid gap-3 sm:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ share: Number(share) / 100, missedCost: cost }, { onSuccess: onDone })
      }}
    >
      <TextField
        label="Shown after, % of first answers"
        hint="The others go without, for comparison. 0 shows none."
        type="number"
        min={0}
        max={100}
        required
        value={share}
        onChange={(event) => setShare(event.target.value)}
      />
      <div className="min-w-0">
        <label htmlFor={knob} className="mb-1 block text-12 font-semibold text-ink-2">
          A missed flaw costs, in false alarms
        </label>
        <input
          id={knob}
          type="range"
          min={0}
          max={costs.length - 1}
          step={1}
          value={costs.indexOf(cost)}
          aria-valuetext={`${cost} false alarms`}
          className="min-h-9 w-full accent-(--color-accent)"
          onChange={(event) => setCost(costs[Number(event.target.value)] ?? cost)}
        />
        <p className="figures mt-1 text-12 text-ink-3">
          {cost}: to the right shows more claims, to the left only the surer ones.
        </p>
      </div>
      <div className="flex items-end gap-2">
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
