import { SelectField, TextField } from '../design/Field.tsx'
import { useDefaultSupervisor, useSupervisors } from './queries.ts'
import { defaultWords } from './supervisor-words.ts'

/** `rater` '': the one that supervises by itself. */
export type SupervisorChoice = { readonly rater: string; readonly reason: string }
export const BY_ITSELF: SupervisorChoice = { rater: '', reason: '' }

/** Who vouches for the candidate. Whoever names another than the default says why. */
export function SupervisorField({
  project,
  agent,
  candidate,
  choice,
  onChange,
}: {
  readonly project: string
  readonly agent: string
  readonly candidate: string
  readonly choice: SupervisorChoice
  readonly onChange: (choice: SupervisorChoice) => void
}) {
  const byItself = useDefaultSupervisor(project, agent === '' ? undefined : agent)
  const supervisors = useSupervisors(project)
  // Nobody supervises itself.
  const others = (supervisors.data?.items ?? []).filter(
    (one) => one.roles.includes('rater') && !(one.agent === agent && one.policy === candidate),
  )
  return (
    <>
      <SelectField
        label="Who supervises the candidate"
        hint={
          byItself.data === undefined
            ? 'Looking who was promoted last…'
            : defaultWords(byItself.data, candidate)
        }
        problem={byItself.isError ? byItself.error.message : undefined}
        value={choice.rater}
        onChange={(event) => onChange({ ...choice, rater: event.target.value })}
      >
        <option value="">The policy that was promoted last</option>
        {others.map((one) => (
          <option key={one.raterId} value={one.raterId}>
            {one.rater}, runs {one.policy} of {one.agent}
          </option>
        ))}
      </SelectField>
      {choice.rater === '' ? null : (
        <TextField
          label="Why this one"
          hint="It stays with the release, and people who read the chain see it."
          required
          minLength={3}
          maxLength={2_000}
          value={choice.reason}
          onChange={(event) => onChange({ ...choice, reason: event.target.value })}
        />
      )}
    </>
  )
}
