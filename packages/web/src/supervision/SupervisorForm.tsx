import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextField } from '../design/Field.tsx'
import { useAgents, usePolicies } from '../episodes/queries.ts'
import { useJudges } from '../splits/queries.ts'
import { useRegisterSupervisor } from './queries.ts'
import { ROLES } from './supervisor-words.ts'

type Role = keyof typeof ROLES
const NAMES = Object.keys(ROLES) as readonly Role[]

/** Says which policy a model rater runs. Once said it stays: another policy is another rater. */
export function SupervisorForm({
  project,
  onDone,
}: {
  readonly project: string
  readonly onDone: () => void
}) {
  const judges = useJudges(project)
  const agents = useAgents(project)
  const [rater, setRater] = useState('')
  const [chosenAgent, setChosenAgent] = useState<string | null>(null)
  const agent = chosenAgent ?? agents.data?.[0]?.name ?? ''
  const policies = usePolicies(project, agent === '' ? undefined : agent)
  const [policy, setPolicy] = useState('')
  const [roles, setRoles] = useState<readonly Role[]>(['rater'])
  const [reason, setReason] = useState('')
  const save = useRegisterSupervisor(project)
  const isReady = rater !== '' && policy !== '' && reason.trim().length >= 3
  if (judges.data?.items.length === 0)
    return (
      <p className="mt-4 max-w-[75ch]">
        There is no model rater yet. Declare the one that runs the policy first:{' '}
        <code>leeway judge declare</code>.
      </p>
    )
  return (
    <form
      className="mt-4 grid gap-3 sm:grid-cols-2"
      aria-label="Register a policy as supervisor"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ rater, policy, roles: [...roles], reason }, { onSuccess: onDone })
      }}
    >
      <SelectField
        label="Model rater"
        autoFocus
        required
        value={rater}
        onChange={(event) => setRater(event.target.value)}
      >
        <option value="">Choose a model rater</option>
        {judges.data?.items.map(({ id, name, model }) => (
          <option key={id} value={id}>
            {name} ({model})
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Agent"
        value={agent}
        onChange={(event) => {
          setChosenAgent(event.target.value)
          setPolicy('')
        }}
      >
        {agents.data?.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Policy that it runs"
        hint="It stays so: for another policy declare another model rater."
        required
        value={policy}
        onChange={(event) => setPolicy(event.target.value)}
      >
        <option value="">Choose a policy</option>
        {policies.data?.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Why"
        required
        minLength={3}
        maxLength={2_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <fieldset className="sm:col-span-2">
        <legend className="text-14 font-semibold">What it may do as such</legend>
        {NAMES.map((role) => (
          <label key={role} className="mt-1.5 flex items-baseline gap-2 text-14">
            <input
              type="checkbox"
              checked={roles.includes(role)}
              onChange={(event) =>
                setRoles(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))
              }
            />
            {ROLES[role]}
          </label>
        ))}
        {roles.length === 0 ? (
          <p className="mt-1 text-12 text-ink-2">Without a role it supervises nothing any more.</p>
        ) : null}
      </fieldset>
      {save.isError ? <Failure error={save.error} /> : null}
      <div className="flex items-end gap-2 sm:col-span-2">
        <Button type="submit" kind="primary" disabled={!isReady || save.isPending}>
          {save.isPending ? 'Saving…' : 'Register'}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
