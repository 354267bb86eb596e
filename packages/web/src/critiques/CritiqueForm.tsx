import type { CritiqueReport } from '@leeway/contract/critiques'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { useSetCritiqueRules } from './queries.ts'

const START = { share: 0.5, missedCost: 3 }

export function CritiqueForm({
  project,
  rules,
  onDone,
}: {
  readonly project: string
  readonly rules: CritiqueReport['rules']
  readonly onDone: () => void
}) {
  const from = rules ?? START
  const [share, setShare] = useState(String(Math.round(100 * from.share)))
  const [cost, setCost] = useState(String(from.missedCost))
  const save = useSetCritiqueRules(project)
  return (
    <form
      className="mt-4 grid gap-3 sm:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ share: Number(share) / 100, missedCost: Number(cost) }, { onSuccess: onDone })
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
      <TextField
        label="A missed flaw costs, in false alarms"
        hint="High shows more claims, low only the surer ones."
        type="number"
        min={0.01}
        max={1000}
        step="any"
        required
        value={cost}
        onChange={(event) => setCost(event.target.value)}
      />
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
