import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Fold } from '../design/Fold.tsx'
import { Loading } from '../design/Loading.tsx'
import { AS_RATER, useEpisode, useStepIndex } from '../episodes/queries.ts'
import { type StepMarks, StepViewer } from '../episodes/StepViewer.tsx'

/** What the agent was asked and every step, beside the question about it. */
export function EpisodeBeside({
  project,
  episodeId,
  suggested,
  without,
  ...viewer
}: {
  readonly project: string
  readonly episodeId: string
  /** Steps that may show what is asked. */
  readonly suggested?: readonly number[]
  /** Ids of actions on steps whose keys the page has another use for. */
  readonly without?: ReadonlySet<string>
  /** The question they were suggested for. */
  readonly about?: string
  /** A step to go to; each new object goes there again. */
  readonly goal?: { readonly ordinal: number } | null
  /** What people say of steps. */
  readonly marks?: StepMarks | null
}) {
  const episode = useEpisode(project, episodeId, AS_RATER)
  const steps = useStepIndex(project, episodeId, AS_RATER)
  if (episode.isPending || steps.isPending) return <Loading what="the episode" rows={12} />
  if (episode.isError) return <Failure error={episode.error} onRetry={() => episode.refetch()} />
  if (steps.isError) return <Failure error={steps.error} onRetry={() => steps.refetch()} />
  return (
    <>
      {episode.data.instructions === '' ? null : (
        <section aria-label="What was asked" className="mb-4 border-s-2 border-line-strong ps-4">
          <Fold text={episode.data.instructions} lines={4} characters={400} />
        </section>
      )}
      {steps.data.count === 0 ? (
        <Empty title="No steps were recorded">Skip the question: there is nothing to judge by.</Empty>
      ) : (
        <StepViewer
          key={episodeId}
          project={project}
          episodeId={episodeId}
          index={steps.data}
          beside
          {...viewer}
          {...(suggested === undefined ? {} : { suggested })}
          {...(without === undefined ? {} : { without })}
        />
      )}
    </>
  )
}
