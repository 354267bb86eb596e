import type { LastDay, NextQuestion } from '@leeway/contract/review'
import { formatCount, formatDuration } from '../numbers/format-number.ts'
import { lastDayWords } from './last-day-words.ts'

/** "12 of 40, about 9 minutes". */
export function ReviewProgressLine({
  progress,
  lastDay,
}: {
  readonly progress: NextQuestion['progress']
  /** Left out where only one's own way is told. */
  readonly lastDay?: LastDay
}) {
  const left = Math.max(0, progress.total - progress.answered)
  const time =
    progress.secondsAnAnswer === null || left === 0
      ? ''
      : `, about ${formatDuration(left * progress.secondsAnAnswer * 1000)} left`
  return (
    <div className="flex items-center gap-3">
      <div
        role="progressbar"
        aria-label="Questions answered"
        aria-valuemin={0}
        aria-valuemax={progress.total}
        aria-valuenow={progress.answered}
        className="h-1.5 w-28 overflow-hidden rounded-full bg-line sm:w-44"
      >
        <div
          className="h-full bg-accent"
          // A share is data, so it cannot be a class.
          style={{ width: `${(100 * progress.answered) / Math.max(1, progress.total)}%` }}
        />
      </div>
      <span className="figures text-12 text-ink-2" aria-live="polite">
        {formatCount(progress.answered)} of {formatCount(progress.total)}
        {time}
      </span>
      {lastDay === undefined ? null : (
        <span className="figures hidden text-12 text-ink-2 xl:inline">{lastDayWords(lastDay)}</span>
      )}
    </div>
  )
}
