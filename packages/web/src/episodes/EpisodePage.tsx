import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { CopyButton } from '../design/CopyButton.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Fold } from '../design/Fold.tsx'
import { Loading } from '../design/Loading.tsx'
import { EpisodeIncidents } from '../incidents/EpisodeIncidents.tsx'
import { RewardPanel } from '../rewards/RewardPanel.tsx'
import { StepCoverage } from '../rewards/StepCoverage.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { EpisodeFacts } from './EpisodeFacts.tsx'
import { useEpisode, useStepIndex } from './queries.ts'
import { StepViewer } from './StepViewer.tsx'

/** One episode: its facts in a line, what was asked, and every step. */
export function EpisodePage() {
  const { project, episodeId } = useParams({ from: '/p/$project/episodes/$episodeId' })
  const role = useMe().data?.projects.find((own) => own.slug === project)?.role
  const isAdmin = role === 'admin'
  const episode = useEpisode(project, episodeId)
  const steps = useStepIndex(project, episodeId)
  const [goal, setGoal] = useState<{ readonly ordinal: number } | null>(null)
  const title = episode.data?.title || 'Episode'
  usePageTitle(title.slice(0, 60))
  if (episode.isPending) return <Loading what="the episode" rows={10} />
  if (episode.isError) return <Failure error={episode.error} onRetry={() => episode.refetch()} />
  const facts = episode.data
  return (
    <>
      <nav aria-label="Where you are" className="mb-2 text-12">
        <Link
          to="/p/$project/episodes"
          params={{ project }}
          search={'agentName' in facts ? { agent: facts.agentName } : {}}
          className="link"
        >
          Episodes{'agentName' in facts ? ' of ' : ''}
          {'agentName' in facts ? <bdi>{facts.agentName}</bdi> : null}
        </Link>
      </nav>
      <div className="mb-1 flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <h1 className="max-w-[60ch] text-20" dir="auto">
          {firstLine(facts.title)}
        </h1>
        <span className="flex flex-wrap items-center gap-x-4">
          {(isAdmin || role === 'rater') && facts.hasBody ? (
            <Link
              to="/p/$project/episodes/$episodeId/critic"
              params={{ project, episodeId: facts.id }}
              className="link text-14"
            >
              Say what is wrong
            </Link>
          ) : null}
          {isAdmin && facts.hasBody ? (
            <Link
              to="/p/$project/debates"
              params={{ project }}
              search={{ set: facts.id }}
              className="link text-14"
            >
              Debate about it
            </Link>
          ) : null}
          <CopyButton value={facts.id} what="id" />
        </span>
      </div>
      <EpisodeFacts episode={facts} />
      {facts.instructions.length > facts.title.length || facts.instructions.includes('\n') ? (
        <section aria-label="What was asked" className="mt-4 max-w-3xl border-s-2 border-line-strong ps-4">
          <Fold text={facts.instructions} lines={5} characters={600} />
        </section>
      ) : null}
      {'agentName' in facts ? (
        <div className="mt-4 max-w-3xl space-y-4">
          <EpisodeIncidents
            project={project}
            episode={facts.id}
            agent={facts.agentName}
            mayReport={isAdmin}
          />
          <RewardPanel project={project} episode={episodeId} />
          {steps.data === undefined || steps.data.count === 0 ? null : (
            <StepCoverage
              project={project}
              episode={episodeId}
              index={steps.data}
              onStep={(ordinal) => setGoal({ ordinal })}
            />
          )}
        </div>
      ) : null}
      <div className="mt-6">
        {!facts.hasBody ? (
          <Empty title="The text of this episode is gone">
            The project keeps texts for a limited time. Its facts and its outcome above are all that is left,
            and they still count in every decision made with them.
          </Empty>
        ) : null}
        {facts.hasBody && steps.isPending ? <Loading what="the steps" rows={12} /> : null}
        {steps.isError ? <Failure error={steps.error} onRetry={() => steps.refetch()} /> : null}
        {facts.hasBody && steps.data !== undefined ? (
          steps.data.count === 0 ? (
            <Empty title="No steps were recorded">
              The source gave an outcome without saying what happened.
            </Empty>
          ) : (
            <StepViewer
              key={episodeId}
              project={project}
              episodeId={episodeId}
              index={steps.data}
              goal={goal}
            />
          )
        ) : null}
      </div>
    </>
  )
}

function firstLine(title: string): string {
  const line = title.split('\n', 1)[0]?.trim() ?? ''
  if (line === '') return 'No instructions were recorded'
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
