import type { WatchView } from '@leeway/contract/watches'
import { Link } from '@tanstack/react-router'
import { Panel } from '../design/Panel.tsx'
import { StateShape } from '../design/StateMark.tsx'
import { Time } from '../design/Time.tsx'
import { useWatch } from './queries.ts'
import { watchWords } from './watch-words.ts'

/** Whether a policy keeps, after its promotion, what its release promised. Nothing while the release is open. */
export function WatchPanel({
  project,
  agent,
  releaseId,
}: {
  readonly project: string
  readonly agent: string
  readonly releaseId: string
}) {
  const found = useWatch(project, releaseId)
  if (found.data === undefined) return null
  const { watch, why } = found.data
  return (
    <Panel title="After the promotion">
      {watch === null ? (
        <p className="text-14 text-ink-2">{why}</p>
      ) : (
        <Watch project={project} agent={agent} watch={watch} />
      )}
    </Panel>
  )
}

function Watch({
  project,
  agent,
  watch,
}: {
  readonly project: string
  readonly agent: string
  readonly watch: WatchView
}) {
  const { alarms, hasEnded, words } = watch
  return (
    <>
      {alarms.length === 0 ? (
        <p>{hasEnded ? 'No alarm while it was watched.' : 'No alarm so far.'}</p>
      ) : (
        <ul className="space-y-2">
          {alarms.map(({ id, at, words: alarm }) => (
            <li key={id} className="rounded-md bg-unhealthy-wash px-3 py-2">
              <p className="flex max-w-none items-baseline gap-2" dir="auto">
                <span className="shrink-0 self-center text-unhealthy">
                  <StateShape state="unhealthy" />
                </span>
                <span className="min-w-0">{alarm}</span>
              </p>
              <p className="mt-0.5 text-12 text-ink-2">
                <Time at={at} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {alarms.length === 0 || hasEnded ? null : (
        <p className="mt-2 text-14">
          To have another policy serve at once, write a{' '}
          <Link to="/p/$project/contracts/$agent" params={{ project, agent }} search={{}} className="link">
            contract
          </Link>{' '}
          with it as the baseline.
        </p>
      )}
      <p className="figures mt-2 max-w-none text-14">{watchWords(watch)}</p>
      <p className="figures mt-2 text-12 text-ink-2">{words}</p>
    </>
  )
}
