import type { DebateRoom } from '@leeway/contract/debates'
import { PROBABILITY_MIN } from '@leeway/core/debates/judge-score'
import { useId, useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'
import { Key } from '../design/Key.tsx'
import { probabilityWords } from './debate-words.ts'
import { useJudgeRound } from './queries.ts'

const STEP = 0.05

/** After each round: how probable answer A is, and whether another round is worth its price. */
export function JudgePanel({ project, room }: { readonly project: string; readonly room: DebateRoom }) {
  const id = useId()
  const last = room.judgments.at(-1)?.probabilityA ?? 0.5
  const [probabilityA, setProbability] = useState(last)
  const [comment, setComment] = useState('')
  const startedAt = useRef(new Date().toISOString())
  const save = useJudgeRound(project, room.id)
  const isLast = room.round >= room.rounds
  const set = (wanted: number) =>
    setProbability(Math.round(100 * Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, wanted))) / 100)
  const send = (stop: boolean) => {
    if (save.isPending) return
    save.mutate({ round: room.round, probabilityA, stop, comment, startedAt: startedAt.current })
  }
  const group = 'This page' as const
  const actions: readonly Action[] = [
    { id: 'more-a', title: 'More for A', group, keys: ['a'], perform: () => set(probabilityA + STEP) },
    { id: 'more-b', title: 'More for B', group, keys: ['b'], perform: () => set(probabilityA - STEP) },
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => ({
      id: `tenth-${tenth}`,
      title: `${tenth}0 % for A`,
      group,
      keys: [String(tenth)],
      perform: () => set(tenth / 10),
    })),
    {
      id: 'go-on',
      title: isLast ? 'Save the verdict' : 'Save, and hear another round',
      group,
      keys: ['Enter'],
      perform: () => send(isLast),
    },
    ...(isLast
      ? []
      : [{ id: 'stop', title: 'Save, and stop here', group, keys: ['x'], perform: () => send(true) }]),
  ]
  useLiveActions('judge', actions)
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 id={id} className="text-16 font-semibold">
        How probable is each answer after round {room.round}?
      </h2>
      <p className="figures mt-3 text-20" aria-live="polite" dir="auto">
        {probabilityA === 0.5 ? '50 % each' : probabilityWords(probabilityA, room.answers)}
      </p>
      <label className="mt-2 block">
        <span className="sr-only">Per cent for answer A</span>
        <input
          type="range"
          min={PROBABILITY_MIN * 100}
          max={(1 - PROBABILITY_MIN) * 100}
          step={1}
          // A lies on the left, as in the transcript.
          dir="rtl"
          value={Math.round(probabilityA * 100)}
          onChange={(event) => set(Number(event.target.value) / 100)}
          className="w-full accent-ink-2"
        />
      </label>
      <div className="flex justify-between gap-4 text-12 text-ink-2">
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <Key>a</Key> A <bdi>“{room.answers.a}”</bdi>
        </span>
        <span className="min-w-0 text-end [overflow-wrap:anywhere]">
          B <bdi>“{room.answers.b}”</bdi> <Key>b</Key>
        </span>
      </div>
      <div className="mt-4">
        <TextArea
          label="What you think, or ask the speakers"
          hint={isLast ? undefined : 'They read it before the next round.'}
          value={comment}
          maxLength={4_000}
          onChange={(event) => setComment(event.target.value)}
        />
      </div>
      <p className="figures mt-3 text-12 text-ink-2">
        {isLast
          ? 'This was the last round.'
          : `Say what you believe: it pays best. Each round costs ${room.roundCost} of a bit, so stop when another one would change little.`}
      </p>
      {save.isError ? <Failure error={save.error} onRetry={() => send(isLast)} /> : null}
      <p className="mt-3 flex flex-wrap gap-2">
        <Button kind="primary" disabled={save.isPending} onClick={() => send(isLast)}>
          {isLast ? 'Save the verdict' : 'Hear another round'} <Key>Enter</Key>
        </Button>
        {isLast ? null : (
          <Button disabled={save.isPending} onClick={() => send(true)}>
            Stop here <Key>x</Key>
          </Button>
        )}
      </p>
    </section>
  )
}
