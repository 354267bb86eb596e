import type { EpisodeDetail } from '@leeway/contract/episodes'
import type { ReactNode } from 'react'
import { Time } from '../design/Time.tsx'
import { formatCount, formatCountOf, formatDuration } from '../numbers/format-number.ts'
import { OutcomeMark } from './OutcomeMark.tsx'

/** The facts of an episode in one line, absent ones left out. */
export function EpisodeFacts({ episode }: { readonly episode: EpisodeDetail }) {
  const tokens = (episode.inputTokens ?? 0) + (episode.outputTokens ?? 0)
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Outcome', <OutcomeMark key="outcome" success={episode.success} severe={episode.severe} />],
    [
      'Policy',
      <span key="policy">
        <bdi>{episode.policyName}</bdi>
        {episode.policyDeclared ? '' : ' (undeclared)'}
      </span>,
    ],
    ['Steps', formatCount(episode.stepCount)],
    ...(episode.errorCount === 0
      ? []
      : [
          [
            'Errors',
            <span key="errors" className="text-unhealthy">
              {formatCount(episode.errorCount)}
            </span>,
          ] as const,
        ]),
    ...(episode.durationMs === null ? [] : [['Took', formatDuration(episode.durationMs)] as const]),
    ...(tokens === 0 ? [] : [['Tokens', formatCount(tokens)] as const]),
    ...(episode.taskKey === null ? [] : [['Task', <bdi key="task">{episode.taskKey}</bdi>] as const]),
    [
      episode.startedAt === null ? 'Imported' : 'Started',
      <Time key="time" at={episode.startedAt ?? episode.importedAt} style="long" />,
    ],
    ...(episode.redactionCount === 0
      ? []
      : [['Redacted', formatCountOf(episode.redactionCount, 'place')] as const]),
    ...(episode.simulated ? [['Source', 'simulated'] as const] : []),
  ]
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
