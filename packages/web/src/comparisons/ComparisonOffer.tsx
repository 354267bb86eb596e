import { Link } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { formatCountOf, formatDuration } from '../numbers/format-number.ts'
import { useComparisonProgress } from './queries.ts'

/** Pairs that wait for this person; nothing where there is none. */
export function ComparisonOffer({ project }: { readonly project: string }) {
  const progress = useComparisonProgress(project)
  if (progress.isError) return <Failure error={progress.error} onRetry={() => progress.refetch()} />
  const { answered = 0, total = 0, secondsAnAnswer = null } = progress.data ?? {}
  const waiting = total - answered
  if (waiting <= 0) return null
  return (
    <section
      aria-label="Pairs to compare"
      className="mt-4 rounded-lg border border-line bg-surface px-5 py-4"
    >
      <p className="figures text-16">{formatCountOf(waiting, 'pair')} of runs to compare.</p>
      {secondsAnAnswer === null ? null : (
        <p className="figures text-14 text-ink-2">
          About {formatDuration(waiting * secondsAnAnswer * 1000)} at your pace so far.
        </p>
      )}
      <p className="mt-3">
        <Button asChild>
          <Link to="/p/$project/compare" params={{ project }}>
            Say which is better
          </Link>
        </Button>
      </p>
    </section>
  )
}
