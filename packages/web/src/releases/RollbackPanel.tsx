import type { DecisionView, ReleaseView } from '@leeway/contract/releases'
import { Link } from '@tanstack/react-router'
import { Prose } from '../design/Prose.tsx'
import { StateShape } from '../design/StateMark.tsx'
import { Time } from '../design/Time.tsx'
import { reachWords } from '../gateway/reach-words.ts'
import { endedBy } from './decision-words.ts'

/** How a release ended that was rolled back: by whom, when, and when the gateway knew. */
export function RollbackPanel({
  project,
  release,
  decision,
}: {
  readonly project: string
  readonly release: ReleaseView
  readonly decision: DecisionView
}) {
  const { agent, baseline, candidate } = release
  return (
    <section
      aria-label="Rollback"
      className="rounded-lg border border-rollback/60 bg-rollback-wash px-5 py-4"
    >
      <p className="flex items-center gap-2 text-20 font-semibold text-rollback">
        <StateShape state="rollback" size={20} />
        <span dir="auto">Rolled back{decision.fromStage === null ? '' : ` at ${decision.fromStage}`}</span>
      </p>
      <p className="mt-1 text-16" dir="auto">
        {endedBy(decision)}
      </p>
      {decision.checkOrdinal !== null || decision.reason === '' ? null : (
        <p className="mt-1" dir="auto">
          “<Prose text={decision.reason} />”
        </p>
      )}
      <dl className="mt-4 grid gap-x-8 gap-y-3 md:grid-cols-2">
        <div>
          <dt className="text-12 font-semibold text-ink-2">Who serves now</dt>
          <dd className="mt-0.5">
            <bdi className="font-semibold">{baseline.name}</bdi> serves every unit since{' '}
            <Time at={decision.at} style="long" />; <bdi>{candidate.name}</bdi> serves none.
          </dd>
        </div>
        <div>
          <dt className="text-12 font-semibold text-ink-2">When the gateway knew</dt>
          <dd className="mt-0.5 figures">
            {decision.reach === null ? (
              'Nobody measured it. It is measured where the agent has a contract.'
            ) : (
              <>
                {reachWords(decision.reach)}{' '}
                <Link to="/p/$project/contracts/$agent" params={{ project, agent }} className="link">
                  Its contract
                </Link>{' '}
                followed in the same moment.
              </>
            )}
          </dd>
        </div>
      </dl>
    </section>
  )
}
