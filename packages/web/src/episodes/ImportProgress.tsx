import { useEffect, useState } from 'react'
import { Button } from '../design/Button.tsx'
import { formatBytes, formatCountOf, formatDuration } from '../numbers/format-number.ts'
import type { ImportState } from './import-state.ts'

/** How far, how long, and the way out. */
export function ImportProgress({
  file,
  state,
  onStop,
}: {
  readonly file: File
  readonly state: Extract<ImportState, { kind: 'sending' }>
  readonly onStop: () => void
}) {
  const elapsedMs = useElapsed()
  const share = file.size === 0 ? 1 : Math.min(1, state.sentBytes / file.size)
  const leftMs = share > 0.05 && elapsedMs > 2000 ? (elapsedMs * (1 - share)) / share : null
  return (
    <section aria-label="Import under way" className="rounded-lg border border-line bg-surface p-5">
      <p className="mb-2 font-medium">
        Importing <bdi>{file.name}</bdi>
      </p>
      <progress
        className="h-2 w-full overflow-hidden rounded-full accent-accent"
        value={share}
        max={1}
        aria-label="Part of the file that was read"
      />
      <p className="figures mt-2 text-ink-2" aria-live="polite">
        {formatBytes(state.sentBytes)} of {formatBytes(file.size)}
        {state.counts === null ? '' : `, ${formatCountOf(state.counts.added, 'episode')} stored`}
        {leftMs === null ? '' : `, about ${formatDuration(leftMs)} left`}
      </p>
      {state.problems.length === 0 ? null : (
        <p className="mt-2 text-12 text-rollback" dir="auto">
          {state.problems.at(-1)?.reason}
        </p>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button onClick={onStop}>Stop</Button>
        <span className="text-12 text-ink-2">
          What is stored stays stored; the same file can be imported again.
        </span>
      </div>
    </section>
  )
}

function useElapsed(): number {
  const [start] = useState(() => performance.now())
  const [now, setNow] = useState(start)
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return now - start
}
