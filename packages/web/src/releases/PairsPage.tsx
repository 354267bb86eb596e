import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { formatCount } from '../numbers/format-number.ts'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { usePairs } from './queries.ts'

/** Two runs of one unit beside each other. Which side is the candidate is not told, so that nobody reads with a wish. */
export function PairsPage() {
  const { project, releaseId } = useParams({ from: '/p/$project/releases/$releaseId/pairs' })
  const pairs = usePairs(project, releaseId)
  const [at, setAt] = useState(0)
  usePageTitle('Pairs')
  const count = pairs.data?.items.length ?? 0
  const previous: Action = {
    id: 'previous-pair',
    title: 'Previous pair',
    group: 'This page',
    keys: ['['],
    unavailable: at === 0 ? 'This is the first pair' : undefined,
    perform: () => setAt(Math.max(0, at - 1)),
  }
  const next: Action = {
    id: 'next-pair',
    title: 'Next pair',
    group: 'This page',
    keys: [']'],
    unavailable: at >= count - 1 ? 'This is the last pair' : undefined,
    perform: () => setAt(Math.min(count - 1, at + 1)),
  }
  useLiveActions('pairs', [previous, next])
  if (pairs.isPending) return <Loading what="the pairs" rows={10} />
  if (pairs.isError) return <Failure error={pairs.error} onRetry={() => pairs.refetch()} />
  const pair = pairs.data.items[at]
  return (
    <>
      <nav aria-label="Where you are" className="mb-2 text-12">
        <Link to="/p/$project/releases/$releaseId" params={{ project, releaseId }} className="link">
          The release
        </Link>
      </nav>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-20">Pairs that differ</h1>
        <span className="figures text-12 text-ink-2" aria-live="polite">
          {pair === undefined ? '' : `${formatCount(at + 1)} of ${formatCount(count)}`}
        </span>
        <span className="ms-auto flex gap-2">
          <ActionButton size="small" action={previous} />
          <ActionButton size="small" action={next} />
        </span>
      </div>
      {pair === undefined ? (
        <Empty title="No pair differs">
          Both policies did the same on every unit so far, or no unit has a run of both.
        </Empty>
      ) : (
        <div className="grid gap-6 lg:grid-cols-2">
          {[pair.left, pair.right].map((episode, side) => (
            <section key={episode} aria-label={side === 0 ? 'Left run' : 'Right run'} className="min-w-0">
              <EpisodeBeside project={project} episodeId={episode} />
            </section>
          ))}
        </div>
      )}
    </>
  )
}
