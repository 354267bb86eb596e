import { useState } from 'react'
import { OnceShown } from '../accounts/OnceShown.tsx'
import { useCreateApiKey } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { CopyButton } from '../design/CopyButton.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Panel } from '../design/Panel.tsx'
import { callText } from './call-text.ts'

const KEY_DAYS = 90

/** How a program that speaks OpenAI's API calls an agent: address, key, and the agent in the place of the model. */
export function ClientPanel({
  project,
  agents,
  mayMakeKeys,
}: {
  readonly project: string
  /** Names of agents that have a contract. */
  readonly agents: readonly string[]
  readonly mayMakeKeys: boolean
}) {
  const [chosen, setChosen] = useState<string | null>(null)
  const agent = chosen ?? agents[0] ?? ''
  const [key, setKey] = useState<string | null>(null)
  const create = useCreateApiKey(project)
  const baseUrl = `${window.location.origin}/v1`
  const call = callText(baseUrl, key ?? 'lw_…', agent)
  return (
    <Panel title="Point a client at it">
      <p className="text-ink-2">
        A program that speaks OpenAI’s API changes its address and its key. The model that it names is the
        agent.
      </p>
      <div className="mt-3 grid gap-x-8 gap-y-4 md:grid-cols-3">
        <Part label="Address">
          <Value value={baseUrl} what="address" />
        </Part>
        {agents.length > 1 ? (
          <SelectField
            label="Model"
            hint="The agents that have a contract."
            value={agent}
            onChange={(event) => setChosen(event.target.value)}
          >
            {agents.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
        ) : (
          <Part label="Model">
            <Value value={agent} what="name" />
          </Part>
        )}
        <Part label="Key">
          <p className="text-12 text-ink-2">
            It may act as an agent and nothing else. The provider’s own key stays here.
          </p>
          {!mayMakeKeys || key !== null ? null : (
            <Button
              size="small"
              className="mt-1.5"
              disabled={create.isPending}
              onClick={() =>
                create.mutate(
                  { name: `${agent}, gateway`.slice(0, 100), scopes: ['act'], expiresInDays: KEY_DAYS },
                  { onSuccess: (created) => setKey(created.key) },
                )
              }
            >
              Make one for {KEY_DAYS} days
            </Button>
          )}
        </Part>
      </div>
      {create.isError ? <Failure error={create.error} /> : null}
      {key === null ? null : (
        <OnceShown
          title="A key for agents"
          value={key}
          what="key"
          note="Shown this once: only its hash is stored. It is under People and keys, where it can be revoked."
        />
      )}
      <div className="mt-4 rounded-md bg-sunken px-3 py-2">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <span className="text-12 font-semibold text-ink-2">Try it</span>
          <CopyButton value={call} what="call" quiet />
        </div>
        <pre className="mt-1 font-mono text-12 break-words whitespace-pre-wrap">{call}</pre>
      </div>
    </Panel>
  )
}

function Part({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <p className="mb-1 text-12 font-semibold text-ink-2">{label}</p>
      {children}
    </div>
  )
}

function Value({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      <code className="font-mono text-12" dir="auto">
        {value}
      </code>
      <CopyButton value={value} what={what} />
    </span>
  )
}
