import type { ScoresWith, UpstreamView } from '@leeway/contract/gateway'
import { useState } from 'react'
import { useCreateProviderKey, useProviderKeys } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { useSetUpstream } from './queries.ts'

/** Adds an upstream, or gives a known one another address. */
export function UpstreamDialog({
  project,
  upstream,
  onClose,
}: {
  readonly project: string
  /** Null: a new one. */
  readonly upstream: UpstreamView | null
  readonly onClose: () => void
}) {
  const keys = useProviderKeys(project)
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={upstream === null ? 'Add an upstream' : `Change ${upstream.name}`}
      description="Where the gateway calls models. It holds within a second, at every process, and goes into the ledger."
    >
      {/* Fields that came later would not have the focus. */}
      {keys.isPending ? <Loading what="the keys" /> : null}
      {keys.isError ? <Failure error={keys.error} onRetry={() => keys.refetch()} /> : null}
      {keys.data === undefined ? null : (
        <UpstreamForm
          project={project}
          upstream={upstream}
          keys={keys.data.filter(({ revokedAt }) => revokedAt === null)}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

const NO_KEY = ''
const NEW_KEY = 'new'

function UpstreamForm({
  project,
  upstream,
  keys,
  onClose,
}: {
  readonly project: string
  readonly upstream: UpstreamView | null
  readonly keys: readonly { readonly id: string; readonly name: string; readonly provider: string }[]
  readonly onClose: () => void
}) {
  const [name, setName] = useState(upstream?.name ?? '')
  const [baseUrl, setBaseUrl] = useState(upstream?.baseUrl ?? '')
  const [key, setKey] = useState(upstream === null ? NEW_KEY : (upstream.keyId ?? NO_KEY))
  const [secret, setSecret] = useState('')
  const [timeout, setTimeout] = useState(String(upstream?.timeoutSeconds ?? 300))
  const [scoresWith, setScoresWith] = useState<ScoresWith>(upstream?.scoresWith ?? 'none')
  const createKey = useCreateProviderKey(project)
  const save = useSetUpstream(project)
  const isPending = createKey.isPending || save.isPending
  const submit = async () => {
    const body = {
      name: name.trim(),
      baseUrl: baseUrl.trim(),
      timeoutSeconds: Number(timeout),
      scoresWith,
    }
    const id =
      key === NEW_KEY
        ? (await createKey.mutateAsync({ provider: 'openai-compatible', name: body.name, secret })).id
        : key
    // A key is stored once, also where the upstream is refused and sent again.
    setKey(id)
    await save.mutateAsync(id === NO_KEY ? body : { ...body, providerKeyId: id })
    onClose()
  }
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        // What was refused is on the page.
        if (!isPending) submit().catch(() => {})
      }}
    >
      <TextField
        label="Name"
        hint={
          upstream === null ? 'As policies name it: openai, our-vllm.' : 'The name stays; policies name it.'
        }
        autoFocus={upstream === null}
        required
        maxLength={200}
        readOnly={upstream !== null}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Address"
        hint="With the version, as clients write it: https://api.example.com/v1"
        type="url"
        autoFocus={upstream !== null}
        required
        maxLength={500}
        value={baseUrl}
        onChange={(event) => setBaseUrl(event.target.value)}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField label="Key that is sent" value={key} onChange={(event) => setKey(event.target.value)}>
          <option value={NEW_KEY}>a new one</option>
          <option value={NO_KEY}>none</option>
          {keys.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({one.provider})
            </option>
          ))}
        </SelectField>
        <TextField
          label="Seconds it may take"
          type="number"
          min={1}
          max={3_600}
          required
          value={timeout}
          onChange={(event) => setTimeout(event.target.value)}
        />
      </div>
      <SelectField
        label="Scores a candidate’s words, where it has the baseline"
        value={scoresWith}
        onChange={(event) => setScoresWith(event.target.value as ScoresWith)}
      >
        <option value="none">no</option>
        <option value="vllm-prompt-logprobs">yes, as vLLM scores a prompt</option>
        <option value="completions-echo">yes, by completions that echo ChatML</option>
      </SelectField>
      {key === NEW_KEY ? (
        <TextField
          label="The provider’s key"
          hint="Kept sealed. Nobody is shown it again; agents never have it."
          type="password"
          autoComplete="off"
          required
          maxLength={10_000}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
      ) : null}
      {createKey.isError ? <Failure error={createKey.error} /> : null}
      {save.isError ? <Failure error={save.error} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={isPending}>
          {isPending ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  )
}
