import type { GatewayView } from '@leeway/contract/gateway'
import { Time } from '../design/Time.tsx'
import { formatCount } from '../numbers/format-number.ts'

/** Which processes enforce, and what that comes to now. */
export function ReplicasLine({
  replicas,
  isHalted,
}: {
  readonly replicas: GatewayView['replicas']
  readonly isHalted: boolean
}) {
  if (replicas.length === 0)
    return (
      <p>
        <strong className="font-semibold">No process of the gateway runs.</strong> Agents are answered by
        nobody until <code className="font-mono text-12">npx leeway serve</code> does.
      </p>
    )
  return (
    <div>
      <p>
        {replicas.length === 1 ? 'One process enforces' : `${formatCount(replicas.length)} processes enforce`}{' '}
        the contracts.{' '}
        {isHalted ? 'The baseline serves every conversation.' : 'Candidates serve what their stage allows.'}
      </p>
      <ul className="mt-0.5 flex flex-wrap gap-x-5 text-12 text-ink-2">
        {replicas.map(({ id, startedAt, seenAt }, at) => (
          <li key={id}>
            Process {at + 1}: since <Time at={startedAt} />, heard of <Time at={seenAt} style="ago" />
          </li>
        ))}
      </ul>
    </div>
  )
}
