import type { ReleaseView } from '@leeway/contract/releases'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyButton } from '../design/CopyButton.tsx'
import { Time } from '../design/Time.tsx'

const STATE_WORDS = {
  climbing: 'climbing',
  proposed: 'waits for approval',
  'rolled-back': 'rolled back',
  completed: 'completed',
} as const satisfies Record<ReleaseView['state'], string>

export function ReleaseHeader({
  project,
  release,
  children,
}: {
  readonly project: string
  readonly release: ReleaseView
  /** What a person may do now. */
  readonly children: ReactNode
}) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <nav aria-label="Where you are" className="text-12">
          <Link to="/p/$project" params={{ project }} className="link">
            Agents
          </Link>{' '}
          <span className="text-ink-2">
            / <bdi>{release.handle}</bdi>
            {release.simulated ? ' / simulated' : ''}
          </span>
        </nav>
        <h1 className="text-28" dir="auto">
          {release.candidate.name}
        </h1>
        <p className="mt-1 flex max-w-none flex-wrap items-center gap-x-3 text-ink-2">
          <span>
            against <bdi className="font-medium text-ink">{release.baseline.name}</bdi>
          </span>
          <span>{STATE_WORDS[release.state]}</span>
          <span>
            started <Time at={release.startedAt} /> by <bdi>{release.startedBy}</bdi>
          </span>
          <CopyButton value={release.id} what="id" />
        </p>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </header>
  )
}
