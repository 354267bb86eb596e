import { Panel } from '../design/Panel.tsx'
import { StateShape } from '../design/StateMark.tsx'
import { Time } from '../design/Time.tsx'
import { useAlerts } from './queries.ts'

/** What whoever is on call should know now. Nothing while there is nothing. */
export function AlertsPanel({ project }: { readonly project: string }) {
  const alerts = useAlerts(project).data?.items ?? []
  if (alerts.length === 0) return null
  return (
    <Panel title="Alerts that stand">
      <ul className="space-y-2">
        {alerts.map(({ id, sentence, at }) => (
          <li key={id} className="rounded-md bg-unhealthy-wash px-3 py-2">
            <p className="figures flex max-w-none items-baseline gap-2" dir="auto">
              <span className="shrink-0 self-center text-unhealthy">
                <StateShape state="unhealthy" />
              </span>
              <span className="min-w-0 break-words">{sentence}</span>
            </p>
            <p className="mt-0.5 text-12 text-ink-2">
              Since <Time at={at} />
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
