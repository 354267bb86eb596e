import { Link, useNavigate } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useActions } from '../actions/ActionsProvider.tsx'
import type { Action } from '../actions/action.ts'
import { Time } from '../design/Time.tsx'
import { formatCount, formatCountOf, formatDuration } from '../numbers/format-number.ts'
import { OutcomeMark } from './OutcomeMark.tsx'
import type { EpisodeLine } from './queries.ts'

/** A list as long as it is: only the rows on screen exist. */
export function EpisodeList({
  project,
  items,
  hasMore,
  isLoadingMore,
  onMore,
}: {
  readonly project: string
  readonly items: readonly EpisodeLine[]
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly onMore: () => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => 66,
    overscan: 12,
    scrollMargin: box.current?.offsetTop ?? 0,
  })
  const rows = virtual.getVirtualItems()
  const lastShown = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastShown > items.length - 30) onMore()
  }, [hasMore, isLoadingMore, lastShown, items.length, onMore])
  const current = useListKeys(project, items, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  return (
    <>
      <p className="mb-2 text-12 text-ink-2" aria-live="polite">
        {hasMore ? `${formatCount(items.length)} loaded, more below` : formatCountOf(items.length, 'episode')}
      </p>
      <div ref={box} className="overflow-hidden rounded-lg border border-line bg-surface">
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {rows.map((row) => {
            const episode = items[row.index]
            return episode === undefined ? null : (
              <li
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                aria-posinset={row.index + 1}
                aria-setsize={hasMore ? -1 : items.length}
                className="absolute inset-x-0 top-0 border-b border-line"
                style={{ transform: `translateY(${row.start - virtual.options.scrollMargin}px)` }}
              >
                <EpisodeRow project={project} episode={episode} isCurrent={row.index === current} />
              </li>
            )
          })}
        </ul>
      </div>
      {isLoadingMore ? <p className="py-3 text-12 text-ink-2">Loading more…</p> : null}
    </>
  )
}

function EpisodeRow({
  project,
  episode,
  isCurrent,
}: {
  readonly project: string
  readonly episode: EpisodeLine
  readonly isCurrent: boolean
}) {
  return (
    <Link
      to="/p/$project/episodes/$episodeId"
      params={{ project, episodeId: episode.id }}
      preload={false}
      data-current={isCurrent}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5 -outline-offset-2 hover:bg-sunken data-[current=true]:bg-accent-wash"
    >
      <span className="line-clamp-2 font-medium md:truncate" dir="auto">
        {episode.title === '' ? 'No instructions were recorded' : episode.title}
      </span>
      {'success' in episode ? <OutcomeMark success={episode.success} severe={episode.severe} /> : <span />}
      <span className="col-span-2 flex flex-wrap gap-x-4 text-12 text-ink-2">
        {'agentName' in episode ? (
          <span>
            <bdi>{episode.agentName}</bdi> · <bdi>{episode.policyName}</bdi>
            {episode.simulated ? ' · simulated' : ''}
          </span>
        ) : null}
        <span className="figures">{formatCountOf(episode.stepCount, 'step')}</span>
        {episode.durationMs === null ? null : (
          <span className="figures">{formatDuration(episode.durationMs)}</span>
        )}
        {episode.errorCount === 0 ? null : (
          <span className="figures text-unhealthy">{formatCountOf(episode.errorCount, 'error')}</span>
        )}
        {'importedAt' in episode ? (
          <span className="md:ms-auto">
            <Time at={episode.startedAt ?? episode.importedAt} />
          </span>
        ) : null}
      </span>
    </Link>
  )
}

/** j and k walk, Enter opens; returns the row one stands on. */
function useListKeys(project: string, items: readonly EpisodeLine[], show: (index: number) => void): number {
  const [current, setCurrent] = useState(-1)
  const navigate = useNavigate()
  const showRef = useRef(show)
  showRef.current = show
  const actions = useMemo<readonly Action[]>(() => {
    const walk = (by: number) => {
      const to = Math.max(0, Math.min(items.length - 1, current + by))
      setCurrent(to)
      showRef.current(to)
    }
    const chosen = items[current]
    return [
      { id: 'next', title: 'Next episode', group: 'This page', keys: ['j'], perform: () => walk(1) },
      { id: 'previous', title: 'Previous episode', group: 'This page', keys: ['k'], perform: () => walk(-1) },
      {
        id: 'open',
        title: 'Open the episode',
        group: 'This page',
        keys: ['Enter'],
        unavailable: chosen === undefined ? 'Choose an episode with j first' : undefined,
        perform: () => {
          if (chosen !== undefined) {
            navigate({ to: '/p/$project/episodes/$episodeId', params: { project, episodeId: chosen.id } })
          }
        },
      },
      {
        id: 'search',
        title: 'Search the episodes',
        group: 'This page',
        keys: ['/'],
        perform: () => document.getElementById('episode-search')?.focus(),
      },
    ]
  }, [items, current, project, navigate])
  useActions('episode-list', actions)
  return current
}
