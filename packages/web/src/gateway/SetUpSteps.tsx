import { CopyButton } from '../design/CopyButton.tsx'
import { Panel } from '../design/Panel.tsx'

const CONTRACT_COMMAND = 'npx leeway contract write desk.yaml --reason "first contract"'

/** What is still missing before an agent is served. Gone once one is. */
export function SetUpSteps({
  hasUpstream,
  hasServing,
  hasContract,
}: {
  readonly hasUpstream: boolean
  readonly hasServing: boolean
  readonly hasContract: boolean
}) {
  if (hasUpstream && hasServing && hasContract) return null
  return (
    <Panel title="Before an agent is served">
      <p className="text-ink-2">
        The gateway stands between an agent and its model. It serves the policy that the agent’s release says,
        and lets pass what its contract allows.
      </p>
      <ol className="mt-2 list-none">
        <Step isDone={hasUpstream}>Add an upstream: the address where models are called.</Step>
        <Step isDone={hasServing}>Say how a policy is served: which model of which upstream.</Step>
        <Step isDone={hasContract}>
          Write the agent’s contract: its tools, and what may be done without a person.
          {hasContract ? null : (
            <span className="mt-1.5 flex flex-wrap items-center gap-2">
              <code className="rounded-md bg-sunken px-3 py-2 font-mono text-12">{CONTRACT_COMMAND}</code>
              <CopyButton value={CONTRACT_COMMAND} what="command" />
            </span>
          )}
        </Step>
      </ol>
    </Panel>
  )
}

function Step({ isDone, children }: { readonly isDone: boolean; readonly children: React.ReactNode }) {
  return (
    <li className="flex gap-2.5 py-1.5">
      <svg
        aria-hidden="true"
        width="18"
        height="18"
        viewBox="0 0 18 18"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        className={`mt-px shrink-0 ${isDone ? 'text-promote' : 'text-ink-3'}`}
      >
        <circle cx="9" cy="9" r="7" />
        {isDone ? <path d="m5.8 9.2 2.2 2.2 4.2-4.6" /> : null}
      </svg>
      <div className={`min-w-0 ${isDone ? 'text-ink-2' : ''}`}>
        <span className="sr-only">{isDone ? 'Done: ' : 'To do: '}</span>
        {children}
      </div>
    </li>
  )
}
