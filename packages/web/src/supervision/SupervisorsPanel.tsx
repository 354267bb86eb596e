import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { useSupervisors } from './queries.ts'
import { SupervisorForm } from './SupervisorForm.tsx'
import { rolesWords } from './supervisor-words.ts'

/** Model raters that run a policy of an agent, and what each may do as such. Admins register them. */
export function SupervisorsPanel({ project }: { readonly project: string }) {
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const supervisors = useSupervisors(project)
  const [isOpen, setOpen] = useState(false)
  if (supervisors.data === undefined)
    return supervisors.isError ? (
      <Failure error={supervisors.error} onRetry={() => supervisors.refetch()} />
    ) : null
  const { items } = supervisors.data
  return (
    <Panel title="Policies that supervise">
      <p className="max-w-[75ch] text-14 text-ink-2">
        A model rater that runs a policy may supervise another one. The policy that was promoted last
        supervises the next candidate by itself, and is asked about it while the release runs, within what the
        project may spend on models in a day.
      </p>
      {items.length === 0 ? (
        <p className="mt-3 text-14">No model rater is registered as running a policy.</p>
      ) : (
        <ul className="mt-3 space-y-2 text-14">
          {items.map((one) => (
            <li key={one.raterId} className="min-w-0 [overflow-wrap:anywhere]">
              <bdi className="font-semibold">{one.rater}</bdi> runs <bdi>{one.policy}</bdi> of{' '}
              <bdi>{one.agent}</bdi>: {rolesWords(one)}.{' '}
              <span className="text-ink-2" dir="auto">
                {one.reason}
              </span>
            </li>
          ))}
        </ul>
      )}
      {!isAdmin ? null : isOpen ? (
        <SupervisorForm project={project} onDone={() => setOpen(false)} />
      ) : (
        <p className="mt-4">
          <Button onClick={() => setOpen(true)}>Register a policy</Button>
        </p>
      )}
    </Panel>
  )
}
