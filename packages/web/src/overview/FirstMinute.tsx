import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'

const STORAGE_KEY = 'leeway.first-minute.dismissed'

/** Three quiet steps for somebody who has just arrived. Goes away for good when told to. */
export function FirstMinute({
  project,
  rolledBack,
}: {
  readonly project: string
  /** A release that was rolled back, to look at first. */
  readonly rolledBack: { readonly releaseId: string; readonly candidate: string } | undefined
}) {
  const [dismissed, setDismissed] = useState(readDismissed)
  if (dismissed) return null
  const step = 'flex min-w-0 items-baseline gap-2'
  const number =
    'grid size-5 shrink-0 place-items-center rounded-full border border-line-strong text-12 text-ink-2'
  return (
    <section
      aria-label="First steps"
      className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-lg bg-sunken px-4 py-3"
    >
      <ol className="flex flex-wrap gap-x-7 gap-y-2">
        <li className={step}>
          <span aria-hidden="true" className={number}>
            1
          </span>
          {rolledBack === undefined ? (
            <Link to="/p/$project/releases/new" params={{ project }} className="link">
              Start a release
            </Link>
          ) : (
            <Link
              to="/p/$project/releases/$releaseId"
              params={{ project, releaseId: rolledBack.releaseId }}
              className="link"
            >
              See why <bdi>{rolledBack.candidate}</bdi> was rolled back
            </Link>
          )}
        </li>
        <li className={step}>
          <span aria-hidden="true" className={number}>
            2
          </span>
          <Link to="/p/$project/episodes" params={{ project }} className="link">
            Look at an episode
          </Link>
        </li>
        <li className={step}>
          <span aria-hidden="true" className={number}>
            3
          </span>
          <Link to="/p/$project/import" params={{ project }} className="link">
            Import your own
          </Link>
        </li>
      </ol>
      <Button
        kind="quiet"
        size="small"
        onClick={() => {
          setDismissed(true)
          try {
            localStorage.setItem(STORAGE_KEY, 'yes')
          } catch {
            // Without storage it comes back with the next visit.
          }
        }}
      >
        Hide these steps
      </Button>
    </section>
  )
}

function readDismissed(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== null
  } catch {
    return false
  }
}
