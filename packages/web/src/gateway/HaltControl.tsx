import { useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { ReasonDialog } from '../design/ReasonDialog.tsx'
import { StateShape } from '../design/StateMark.tsx'
import { Time } from '../design/Time.tsx'
import { haltWords } from './halt-words.ts'
import { useHalt, useSetHalt } from './queries.ts'
import { reachWords } from './reach-words.ts'

/** Stops all candidates of the project, says how fast every process knew, and who halted them while they are. */
export function HaltControl({ project }: { readonly project: string }) {
  const known = useHalt(project)
  const halt = useSetHalt(project)
  const [isAsking, setAsking] = useState(false)
  // While it is not known whether they are halted, halting stays in reach.
  const halted = known.data?.halted ?? null
  const action: Action = {
    id: 'halt',
    title: halted === null ? 'Halt all candidates' : 'Let candidates act again',
    group: 'This page',
    perform: () => {
      halt.reset()
      setAsking(true)
    },
  }
  useLiveActions('halt', [action])
  return (
    <>
      {halted === null ? (
        <ActionButton action={action} kind="danger" />
      ) : (
        <div
          role="alert"
          className="order-last flex w-full flex-wrap items-center justify-between gap-x-6 gap-y-2 rounded-md border border-rollback/60 bg-rollback-wash px-4 py-2.5"
        >
          <p className="flex min-w-0 items-start gap-2 text-14" dir="auto">
            <span className="mt-0.5 text-rollback">
              <StateShape state="hold" />
            </span>
            <span>
              <strong className="font-semibold">All candidates are halted.</strong> {halted.actorName}: “
              {halted.reason}” <Time at={halted.since} />.{' '}
              {halted.reach === null ? null : reachWords(halted.reach)}
            </span>
          </p>
          <ActionButton action={action}>Resume</ActionButton>
        </div>
      )}
      {/* While they are halted, the banner says it. */}
      {halt.data === undefined || halted !== null ? null : (
        <p role="status" className="order-last w-full text-14 text-ink-2">
          {haltWords(halt.data)}
        </p>
      )}
      {isAsking ? (
        <ReasonDialog
          {...(halted === null ? HALT : RESUME)}
          onClose={() => setAsking(false)}
          error={halt.error}
          isPending={halt.isPending}
          onSubmit={(reason) =>
            halt.mutate({ halted: halted === null, reason }, { onSuccess: () => setAsking(false) })
          }
        />
      ) : null}
    </>
  )
}

const HALT = {
  title: 'Halt all candidates',
  description:
    'Every conversation of this project is served by the baseline at once, until somebody resumes.',
  label: 'Why they are halted',
  hint: 'Goes into the ledger with your name.',
  submit: 'Halt',
  isDanger: true,
} as const
const RESUME = {
  title: 'Let candidates act again',
  description: 'Candidates serve again what their stage allows.',
  label: 'Why they may act again',
  hint: 'Goes into the ledger with your name.',
  submit: 'Resume',
  isDanger: false,
} as const
