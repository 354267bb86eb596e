import type { NextQuestion } from '@leeway/contract/review'
import { formatCount, formatDuration } from '../numbers/format-number.ts'

/** "12 of 40, about 9 minutes". */
export function ReviewProgressLine({ progress }: { readonly progress: NextQuestion['progress'] }) {
  const left = Math.max(0, progress.total - progress.answered)
  const time =
    progress.secondsAnAnswer === null || left === 0
      ? ''
      : `, about ${formatDuration(left * progress.secondsAnAnswer * 1000)} left`
  return (
    <div className="flex items-center gap-3">
      <progress
        aria-label="Questions answered"
        className="h-1.5 w-28 sm:w-44"
        max={Math.max(1, progress.total)}
        value={progress.answered}
      />
      <span className="figures text-12 text-ink-2" aria-live="polite">
        {formatCount(progress.answered)} of {formatCount(progress.total)}
        {time}
      </span>
    </div>
  )
}
