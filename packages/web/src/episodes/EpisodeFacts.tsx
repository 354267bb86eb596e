import type { ReactNode } from 'react'
import { Time } from '../design/Time.tsx'
import { formatCount, formatCountOf, formatDuration } from '../numbers/format-number.ts'
import { OutcomeMark } from './OutcomeMark.tsx'
import type { EpisodeShown } from './queries.ts'

type Fact = readonly [string, ReactNode]

/** The facts of an episode in one line, absent ones left out. Raters are not told who acted or how it ended. */
export function EpisodeFacts({ episode }: { readonly episode: EpisodeShown }) {
  const facts = [...('success' in episode ? whoAndHow(episode) : []), ...whatHappened(episode)]
  return (
    <dl className="figures flex flex-wrap items-baseline gap-x-5 gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="flex min-w-0 items-baseline gap-1.5">
          <dt className="text-12 text-ink-2">{name}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function whoAndHow(episode: Extract<EpisodeShown, { success: unknown }>): readonly Fact[] {
  const tokens = (episode.inputTokens ?? 0) + (episode.outputTokens ?? 0)
  return [
    ['Outcome', <OutcomeMark key="outcome" success={episode.success} severe={episode.severe} />],
    [
      'Policy',
      <span key="policy">
        <bdi>{episode.policyName}</bdi>
        {episode.policyDeclared ? '' : ' (undeclared)'}
      </span>,
    ],
    ...when(episode.taskKey !== null, 'Task', <bdi key="task">{episode.taskKey}</bdi>),
    ...when(tokens !== 0, 'Tokens', formatCount(tokens)),
    [
      episode.startedAt === null ? 'Imported' : 'Started',
      <Time key="time" at={episode.startedAt ?? episode.importedAt} style="long" />,
    ],
    ...when(episode.simulated, 'Source', 'simulated'),
  ]
}

function whatHappened(episode: EpisodeShown): readonly Fact[] {
  return [
    ['Steps', formatCount(episode.stepCount)],
    ...when(
      episode.errorCount !== 0,
      'Errors',
      <span key="errors" className="text-unhealthy">
        {formatCount(episode.errorCount)}
      </span>,
    ),
    ...when(episode.durationMs !== null, 'Took', formatDuration(episode.durationMs ?? 0)),
    ...when(episode.redactionCount !== 0, 'Redacted', formatCountOf(episode.redactionCount, 'place')),
  ]
}

function when(isKnown: boolean, name: string, value: ReactNode): readonly Fact[] {
  return isKnown ? [[name, value]] : []
}
