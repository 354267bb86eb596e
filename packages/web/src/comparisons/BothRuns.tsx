import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Fold } from '../design/Fold.tsx'
import { Loading } from '../design/Loading.tsx'
import { AS_RATER, useEpisode, useStepBodies, useStepIndex } from '../episodes/queries.ts'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { AlignedSteps, type Evidence } from './AlignedSteps.tsx'
import { ALIGNED_MAX, alignSteps } from './align-steps.ts'

/** Two runs beside each other, or below on a narrow screen; steps that both took stand in one row. */
export function BothRuns({
  project,
  left,
  right,
  evidence,
}: {
  readonly project: string
  readonly left: string
  readonly right: string
  readonly evidence: Evidence
}) {
  const [one, other] = [useRun(project, left), useRun(project, right)]
  const failed = [one, other].find(({ error }) => error !== undefined)
  if (failed !== undefined) return <Failure error={failed.error} onRetry={failed.retry} />
  if (one.isLong || other.isLong)
    return (
      <div className="grid gap-6 lg:grid-cols-2">
        {[left, right].map((episode, side) => (
          <section key={episode} aria-label={side === 0 ? 'Left run' : 'Right run'} className="min-w-0">
            <EpisodeBeside project={project} episodeId={episode} without={ANSWER_KEYS} />
          </section>
        ))}
      </div>
    )
  if (one.bodies === undefined || other.bodies === undefined) return <Loading what="the two runs" rows={12} />
  const rows = alignSteps(one.bodies, other.bodies)
  const begins = rows[0]?.same === true ? rows[0].left?.content : null
  // Where both runs begin with what was asked, it stands there already.
  const asked = [...new Set([one.instructions, other.instructions])].filter(
    (text) => text !== '' && text !== begins,
  )
  return (
    <>
      {asked.map((text) => (
        <section
          key={text}
          aria-label="What was asked"
          className="mb-4 max-w-[80ch] border-s-2 border-line-strong ps-4"
        >
          <Fold text={text} lines={4} characters={400} />
        </section>
      ))}
      {rows.length === 0 ? (
        <Empty title="No steps are shown">Skip the pair: there is nothing to judge by.</Empty>
      ) : (
        <AlignedSteps rows={rows} evidence={evidence} />
      )}
    </>
  )
}

/** Of the viewer of one run: j and k would move both at once. */
const ANSWER_KEYS: ReadonlySet<string> = new Set([
  'next',
  'previous',
  'search',
  'match',
  'match-back',
  'error',
])

function useRun(project: string, episodeId: string) {
  const episode = useEpisode(project, episodeId, AS_RATER)
  const index = useStepIndex(project, episodeId, AS_RATER)
  const count = index.data?.count ?? 0
  const isLong = count > ALIGNED_MAX
  const { bodies, error } = useStepBodies(
    project,
    episodeId,
    Array.from({ length: isLong ? 0 : count }, (_, ordinal) => ordinal),
    AS_RATER,
  )
  const isRead = episode.data !== undefined && index.data !== undefined && bodies.size === count
  return {
    instructions: episode.data?.instructions ?? '',
    isLong,
    bodies: isRead ? [...bodies.values()].sort((a, b) => a.ordinal - b.ordinal) : undefined,
    error: episode.error ?? index.error ?? error ?? undefined,
    retry: () => {
      episode.refetch()
      index.refetch()
    },
  }
}
