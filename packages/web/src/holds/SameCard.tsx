import { HOLDS_AT_ONCE, type HoldView } from '@leeway/contract/holds'
import { useEffect, useRef, useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { ReasonDialog } from '../design/ReasonDialog.tsx'
import { HeldCall } from './HeldCall.tsx'
import { useAnswerHolds, useHoldsOfCard } from './queries.ts'
import { ASKS } from './use-answering.ts'

/** A second press that was meant for the call before approves nothing that has just appeared. */
const UNSEEN_MS = 500

/** Ids of the calls that were shown together, and since when. */
type Sight = { readonly holds: readonly string[]; readonly since: number }

/** Like calls of one conversation: all of them in full, to be decided by one act. */
export function SameCard({
  project,
  view,
  others,
  onAnswered,
}: {
  readonly project: string
  readonly view: HoldView
  /** Ids of the other waiting calls of this card. */
  readonly others: readonly string[]
  readonly onAnswered: (holds: readonly string[]) => void
}) {
  const shown = useHoldsOfCard(project, others).filter(({ text, answer }) => text !== null && answer === null)
  const ids = [view.id, ...shown.map(({ id }) => id)]
  const key = ids.join(' ')
  // What is approved together has all been before the person: one more begins the time anew.
  const shownAt = useRef(performance.now())
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list is a new sight
  useEffect(() => {
    shownAt.current = performance.now()
  }, [key])
  /** What was there when somebody began to say why not: what comes meanwhile is not denied with it. */
  const [denying, setDenying] = useState<Sight | null>(null)
  const answer = useAnswerHolds(project)
  const send = (
    { holds, since }: Sight,
    wanted: { readonly kind: 'approved' } | { readonly kind: 'denied'; readonly reason: string },
  ) => {
    const lookedMs = Math.round(performance.now() - since)
    if (answer.isPending || (wanted.kind === 'approved' && lookedMs < UNSEEN_MS)) return
    answer.mutate(
      { holds: [...holds], answer: { ...wanted, lookedMs } },
      { onSuccess: () => onAnswered(holds) },
    )
  }
  const sight = (): Sight => ({ holds: ids, since: shownAt.current })
  const unavailable = shown.length === 0 ? 'There is one call only' : undefined
  const group = 'This page' as const
  const actions = {
    approve: {
      id: 'approve-all',
      title: `Approve all ${ids.length}`,
      group,
      keys: ['A'],
      unavailable,
      isOnce: true,
      perform: () => send(sight(), { kind: 'approved' }),
    },
    deny: {
      id: 'deny-all',
      title: `Deny all ${ids.length}`,
      group,
      keys: ['D'],
      unavailable,
      perform: () => setDenying(sight()),
    },
  } as const satisfies Record<string, Action>
  useLiveActions('card', shown.length === 0 ? [] : Object.values(actions))
  if (shown.length === 0) return null
  return (
    <Panel
      title={`${shown.length} more like it ${view.stakes === 'read' ? 'that only read' : 'in this conversation'}`}
    >
      <p className="mb-3 text-14 text-ink-2">
        They can be decided together{ids.length === HOLDS_AT_ONCE ? `, ${HOLDS_AT_ONCE} at once at most` : ''}
        . What is marked differs from the call above.
      </p>
      <ol className="space-y-3">
        {shown.flatMap(({ id, text }) =>
          (text?.calls ?? []).map((call, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: calls of one hold keep their places
            <HeldCall key={`${id} ${at}`} call={call} before={view.text?.calls[at]?.argumentsText} />
          )),
        )}
      </ol>
      {answer.error === null || denying !== null ? null : <Failure error={answer.error} />}
      <div className="mt-3 flex flex-wrap gap-2">
        <ActionButton action={actions.approve} />
        <ActionButton action={actions.deny} />
      </div>
      {denying === null ? null : (
        <ReasonDialog
          {...ASKS.denied}
          onClose={() => {
            setDenying(null)
            answer.reset()
          }}
          error={answer.error}
          isPending={answer.isPending}
          onSubmit={(reason) => send(denying, { kind: 'denied', reason })}
        />
      )}
    </Panel>
  )
}
