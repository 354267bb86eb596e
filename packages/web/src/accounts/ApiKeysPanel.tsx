import { type ApiKey, SCOPE_NAMES } from '@leeway/contract/accounts'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { OnceShown } from './OnceShown.tsx'
import { useApiKeys, useCreateApiKey, useRevokeApiKey } from './queries.ts'

type Scope = (typeof SCOPE_NAMES)[number]

const SCOPE_WORDS: Record<Scope, string> = {
  read: 'read everything but secrets',
  ingest: 'send episodes',
  act: 'call models and tools as an agent, through the gateway',
  rate: 'answer questions',
  release: 'start, approve and roll back releases',
  admin: 'everything else',
}

export function ApiKeysPanel({ project }: { readonly project: string }) {
  const keys = useApiKeys(project)
  const revoke = useRevokeApiKey(project)
  const [created, setCreated] = useState<{ readonly name: string; readonly key: string } | null>(null)
  return (
    <Panel title="API keys">
      {keys.isPending ? <Loading what="the keys" /> : null}
      {keys.isError ? <Failure error={keys.error} onRetry={() => keys.refetch()} /> : null}
      {keys.data?.length === 0 ? (
        <p className="py-2 text-ink-2">
          No program has a key yet. Agents need one to send episodes from elsewhere.
        </p>
      ) : null}
      <ul className="divide-y divide-line">
        {keys.data?.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={() => revoke.mutate(key.id)} />
        ))}
      </ul>
      {revoke.isError ? <Failure error={revoke.error} /> : null}
      <CreateForm project={project} onCreated={setCreated} />
      {created === null ? null : (
        <OnceShown
          title={created.name}
          value={created.key}
          what="key"
          note="Shown this once: only its hash is stored. Lost it? Revoke it and make another."
        />
      )}
    </Panel>
  )
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }) {
  const isOver = apiKey.revokedAt !== null
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-0">
        <p>
          <bdi className={`font-semibold ${isOver ? 'text-ink-2 line-through' : ''}`}>{apiKey.name}</bdi>{' '}
          <code className="font-mono text-12 text-ink-2">{apiKey.prefix}…</code>
        </p>
        <p className="text-12 text-ink-2">
          {apiKey.scopes.join(', ')}.{' '}
          {apiKey.lastUsedAt === null ? (
            'Never used'
          ) : (
            <>
              Last used <Time at={apiKey.lastUsedAt} style="ago" />
            </>
          )}
          {apiKey.revokedAt !== null ? (
            <>
              , revoked <Time at={apiKey.revokedAt} />
            </>
          ) : apiKey.expiresAt === null ? (
            ', never expires'
          ) : (
            <>
              , ends <Time at={apiKey.expiresAt} style="ago" />
            </>
          )}
        </p>
      </div>
      {isOver ? null : (
        <Button size="small" kind="danger" onClick={onRevoke}>
          Revoke
          <span className="sr-only"> {apiKey.name}</span>
        </Button>
      )}
    </li>
  )
}

function CreateForm({
  project,
  onCreated,
}: {
  readonly project: string
  readonly onCreated: (created: { readonly name: string; readonly key: string }) => void
}) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>(['read', 'ingest'])
  const [days, setDays] = useState('90')
  const create = useCreateApiKey(project)
  return (
    <form
      className="mt-3 space-y-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(
          { name, scopes: [...scopes], expiresInDays: days === '' ? null : Number(days) },
          {
            onSuccess: (created) => {
              onCreated(created)
              setName('')
            },
          },
        )
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Name of the key"
          hint="Which program will use it."
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField label="Ends after" value={days} onChange={(event) => setDays(event.target.value)}>
          <option value="7">7 days</option>
          <option value="90">90 days</option>
          <option value="365">one year</option>
          <option value="">never</option>
        </SelectField>
      </div>
      <fieldset>
        <legend className="mb-1 text-12 font-semibold text-ink-2">It may</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {SCOPE_NAMES.map((scope) => (
            <label key={scope} className="flex items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={scopes.includes(scope)}
                onChange={(event) =>
                  setScopes(
                    event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope),
                  )
                }
              />
              {SCOPE_WORDS[scope]}
            </label>
          ))}
        </div>
      </fieldset>
      {create.isError ? <Failure error={create.error} /> : null}
      <Button
        kind="primary"
        type="submit"
        disabled={create.isPending || scopes.length === 0 || name.trim() === ''}
      >
        Create a key
      </Button>
    </form>
  )
}
