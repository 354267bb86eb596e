import type { VettingView } from '@leeway/contract/vetting'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { useSetVetting } from './queries.ts'

const START = { bar: 0.65, floor: 0.5, hiddenShare: 0.1, roundQuestions: 20, exposuresMax: 50 }

/** In percent, as people say it. */
export function VettingForm({
  project,
  rules,
  onDone,
}: {
  readonly project: string
  readonly rules: VettingView['rules']
  readonly onDone: () => void
}) {
  const from = rules ?? START
  const [bar, setBar] = useState(String(Math.round(100 * from.bar)))
  const [floor, setFloor] = useState(String(Math.round(100 * from.floor)))
  const [hidden, setHidden] = useState(String(Math.round(100 * from.hiddenShare)))
  const [round, setRound] = useState(String(from.roundQuestions))
  const [people, setPeople] = useState(String(from.exposuresMax))
  const save = useSetVetting(project)
  const isBelow = Number(floor) <= Number(bar)
  return (
    <form
      className="mt-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(
          {
            bar: Number(bar) / 100,
            floor: Number(floor) / 100,
            hiddenShare: Number(hidden) / 100,
            roundQuestions: Number(round),
            exposuresMax: Number(people),
          },
          { onSuccess: onDone },
        )
      }}
    >
      <TextField
        label="Vetted above, % right"
        hint="Answers are drawn equally often, so guessing between two is right on 50 %."
        type="number"
        min={0}
        max={99}
        required
        value={bar}
        onChange={(event) => setBar(event.target.value)}
      />
      <TextField
        label="Suspended below, % right"
        type="number"
        min={0}
        max={99}
        required
        value={floor}
        problem={isBelow ? undefined : 'Not above the bar.'}
        onChange={(event) => setFloor(event.target.value)}
      />
      <TextField
        label="Known among later questions, %"
        type="number"
        min={0}
        max={50}
        required
        value={hidden}
        onChange={(event) => setHidden(event.target.value)}
      />
      <TextField
        label="Questions of the round"
        hint="0: no round."
        type="number"
        min={0}
        max={200}
        required
        value={round}
        onChange={(event) => setRound(event.target.value)}
      />
      <TextField
        label="People who may meet an item"
        hint="Then it is retired: it may have been passed on."
        type="number"
        min={1}
        max={10_000}
        required
        value={people}
        onChange={(event) => setPeople(event.target.value)}
      />
      <div className="flex items-end gap-2">
        <Button type="submit" kind="primary" disabled={!isBelow || save.isPending}>
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
