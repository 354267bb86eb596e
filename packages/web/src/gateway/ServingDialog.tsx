import type { UpstreamView } from '@leeway/contract/gateway'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea, TextField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePolicies } from '../episodes/queries.ts'
import { useSetServing } from './queries.ts'
import { readMembers } from './read-members.ts'
import type { ServedPolicy } from './served-policies.ts'

/** Says which model of which upstream answers for a policy. */
export function ServingDialog({
  project,
  policy,
  upstreams,
  onClose,
}: {
  readonly project: string
  /** Null: it is chosen in the form. */
  readonly policy: ServedPolicy | null
  readonly upstreams: readonly UpstreamView[]
  readonly onClose: () => void
}) {
  const policies = usePolicies(project, undefined)
  const all =
    policy === null
      ? policies.data?.map(({ agentName, name }) => ({ agent: agentName, policy: name }))
      : [policy]
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={policy === null ? 'Serve a policy' : `How ${policy.policy} is served`}
      description="It holds within a second, at every process, and goes into the ledger."
    >
      {all === undefined ? (
        policies.isError ? (
          <Failure error={policies.error} onRetry={() => policies.refetch()} />
        ) : (
          <Loading what="the policies" />
        )
      ) : all.length === 0 ? (
        <p>
          There is no policy yet. One is declared with its configuration (<code>POST …/policies</code>), or
          comes with its first episodes.
        </p>
      ) : (
        <ServingForm
          project={project}
          policies={all}
          before={policy}
          upstreams={upstreams}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

function ServingForm({
  project,
  policies,
  before,
  upstreams,
  onClose,
}: {
  readonly project: string
  readonly policies: readonly { readonly agent: string; readonly policy: string }[]
  readonly before: ServedPolicy | null
  readonly upstreams: readonly UpstreamView[]
  readonly onClose: () => void
}) {
  const from = before?.serving ?? null
  const [chosen, setChosen] = useState(0)
  const [upstream, setUpstream] = useState(from?.upstream ?? upstreams[0]?.name ?? '')
  const [fallback, setFallback] = useState(from?.fallback ?? '')
  const [model, setModel] = useState(from?.model ?? '')
  const [members, setMembers] = useState(
    from === null || Object.keys(from.set).length === 0 ? '' : JSON.stringify(from.set, null, 2),
  )
  const [input, setInput] = useState(String(from?.usdPerMillion?.input ?? ''))
  const [output, setOutput] = useState(String(from?.usdPerMillion?.output ?? ''))
  const save = useSetServing(project)
  const set = readMembers(members)
  const hasHalfPrice = (input === '') !== (output === '')
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        const served = policies[chosen]
        if (served === undefined || set.kind === 'wrong' || hasHalfPrice || save.isPending) return
        save.mutate(
          {
            agent: served.agent,
            policy: served.policy,
            upstream,
            ...(fallback === '' ? {} : { fallback }),
            model: model.trim(),
            set: set.members,
            ...(input === '' ? {} : { usdPerMillion: { input: Number(input), output: Number(output) } }),
          },
          { onSuccess: onClose },
        )
      }}
    >
      {before !== null ? null : (
        <SelectField
          label="Policy"
          autoFocus
          value={chosen}
          onChange={(event) => setChosen(Number(event.target.value))}
        >
          {policies.map(({ agent, policy }, at) => (
            <option key={`${agent} ${policy}`} value={at}>
              {policy}, of {agent}
            </option>
          ))}
        </SelectField>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="Upstream"
          required
          value={upstream}
          onChange={(event) => setUpstream(event.target.value)}
        >
          {upstreams.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <SelectField
          label="When that is away"
          hint="The same model under the same name."
          value={fallback}
          onChange={(event) => setFallback(event.target.value)}
        >
          <option value="">nobody answers</option>
          {upstreams
            .filter(({ name }) => name !== upstream)
            .map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
        </SelectField>
      </div>
      <TextField
        label="Model"
        hint="As the upstream calls it: gpt-4o."
        required
        maxLength={200}
        value={model}
        onChange={(event) => setModel(event.target.value)}
      />
      <TextArea
        label="Set in every request"
        hint="JSON, whatever the client sent: {&quot;temperature&quot;: 0}. Empty sets nothing."
        problem={set.kind === 'wrong' ? set.problem : undefined}
        spellCheck={false}
        value={members}
        onChange={(event) => setMembers(event.target.value)}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="US dollars a million tokens in"
          type="number"
          min={0}
          step="any"
          value={input}
          onChange={(event) => setInput(event.target.value)}
        />
        <TextField
          label="US dollars a million tokens out"
          hint="Without prices no contract can limit what is spent."
          problem={hasHalfPrice ? 'Give both prices, or none.' : undefined}
          type="number"
          min={0}
          step="any"
          value={output}
          onChange={(event) => setOutput(event.target.value)}
        />
      </div>
      {save.isError ? <Failure error={save.error} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="primary"
          type="submit"
          disabled={save.isPending || set.kind === 'wrong' || hasHalfPrice || upstream === ''}
        >
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  )
}
