import type { HoldView } from '@leeway/contract/holds'
import { ActionButton } from '../actions/ActionButton.tsx'
import { readFailure } from '../api/read-failure.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Key } from '../design/Key.tsx'
import { Panel } from '../design/Panel.tsx'
import { ReasonDialog } from '../design/ReasonDialog.tsx'
import { Time } from '../design/Time.tsx'
import { answeredWords } from './answered-words.ts'
import { EditDialog } from './EditDialog.tsx'
import { HeldCall } from './HeldCall.tsx'
import { toolsWords } from './HoldList.tsx'
import { MessagesBefore } from './MessagesBefore.tsx'
import { SameCard } from './SameCard.tsx'
import { StakesMark } from './StakesMark.tsx'
import { timeLeftWords } from './time-left-words.ts'
import { ASKS, useAnswering } from './use-answering.ts'

/** The calls of one response, all that is known about them, and what can be decided. */
export function OneHold({
  project,
  view,
  now,
  sameCard,
  onAnswered,
}: {
  readonly project: string
  readonly view: HoldView
  /** Ids of other waiting calls that can be decided together with it. */
  readonly sameCard: readonly string[]
  readonly now: number
  readonly onAnswered: (holds: readonly string[]) => void
}) {
  const answering = useAnswering(project, view, now, () => onAnswered([view.id]))
  const { actions, asking, error, isPending, send, isConfirming } = answering
  const { text, lastSimilar } = view
  const isLate = error !== null && readFailure(error).code === 'conflict'
  const ask = asking === null || asking === 'edited' ? null : ASKS[asking]
  return (
    <div className="min-w-0 space-y-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-20" dir="auto">
          {view.agent} asks for <span className="font-mono">{toolsWords(view.tools)}</span>
        </h2>
        <StakesMark stakes={view.stakes} />
      </div>
      <p className="figures text-14 text-ink-2">
        Asked <Time at={view.askedAt} style="ago" />
        {view.answer === null ? `, ${timeLeftWords(view.expiresAt, now)}.` : '.'}{' '}
        {view.answer === null ? view.otherwise : ''}
      </p>
      {view.answer === null ? null : (
        <p role="status" className="border-s-2 border-accent ps-3 text-14" dir="auto">
          {answeredWords(view.answer)} {view.answer.reason === '' ? '' : `“${view.answer.reason}” `}
          <Time at={view.answer.at} />
          {view.answer.countsFor === 'gate'
            ? null
            : '. Nobody drew this hold, so the decision is no evidence about a release.'}
        </p>
      )}
      {isLate ? (
        <p role="status" className="rounded-md bg-hold-wash px-3 py-2 text-14">
          You were a moment too late: {readFailure(error).detail} Nothing of yours was sent.
        </p>
      ) : null}
      {error === null || isLate || asking !== null ? null : <Failure error={error} />}
      {view.answer === null ? (
        <div className="sticky top-0 z-10 -mx-1 flex flex-wrap items-center gap-2 bg-page px-1 py-2">
          <ActionButton action={actions.approve} kind="primary" className="max-sm:grow">
            {isConfirming ? 'Carry it out?' : isPending ? 'One moment…' : 'Approve'}
          </ActionButton>
          <ActionButton action={actions.deny}>Deny</ActionButton>
          <ActionButton action={actions.edit}>Edit</ActionButton>
          <ActionButton action={actions.passOn}>Pass on</ActionButton>
          <ActionButton action={actions.stop} kind="danger">
            Stop
          </ActionButton>
          {isConfirming ? (
            <p role="status" className="flex w-full flex-wrap items-center gap-2 text-14">
              It {view.stakes === 'costly' ? 'is costly' : 'cannot be undone'}. Approve once more, or press{' '}
              <Key>Enter</Key>, to carry it out.
              <Button size="small" kind="quiet" onClick={answering.cancel}>
                Not now
              </Button>
            </p>
          ) : null}
        </div>
      ) : null}
      {text === null ? (
        <p className="text-14 text-ink-2">Its words are gone with those of its conversation.</p>
      ) : (
        <>
          <Panel
            title={text.calls.length === 1 ? 'The call' : `${text.calls.length} calls, decided together`}
            aside={
              lastSimilar === null ? null : (
                <span className="text-12 text-ink-2">
                  beside the last one approved, <Time at={lastSimilar.at} />
                </span>
              )
            }
          >
            <ol className="space-y-3">
              {text.calls.map((call, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: calls of one hold keep their places
                <HeldCall key={at} call={call} before={lastSimilar?.calls[at]?.argumentsText} />
              ))}
            </ol>
          </Panel>
          {view.answer === null && sameCard.length > 0 ? (
            <SameCard project={project} view={view} others={sameCard} onAnswered={onAnswered} />
          ) : null}
          <Panel title="What led there">
            <MessagesBefore text={text} />
          </Panel>
        </>
      )}
      {view.escalated.length === 0 ? null : (
        <Panel title="Passed on">
          <ul className="space-y-1 text-14">
            {view.escalated.map(({ reason, actorName, at }) => (
              <li key={`${at} ${actorName}`} dir="auto">
                {actorName}: {reason}{' '}
                <span className="text-12 text-ink-2">
                  <Time at={at} />
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {ask === null || asking === null || asking === 'edited' ? null : (
        <ReasonDialog
          {...ask}
          onClose={answering.cancel}
          error={error}
          isPending={isPending}
          onSubmit={(reason) => send({ kind: asking, reason })}
        />
      )}
      {asking !== 'edited' || text === null ? null : (
        <EditDialog
          calls={text.calls}
          onClose={answering.cancel}
          error={error}
          isPending={isPending}
          onSubmit={(edit) => send({ kind: 'edited', ...edit })}
        />
      )}
    </div>
  )
}
