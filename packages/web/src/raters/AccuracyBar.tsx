import { formatPercentInterval } from '../numbers/format-number.ts'

/** Where a share lies between 0 and 100 %, and how surely. The words beside it carry the numbers. */
export function AccuracyBar({
  accuracy,
  words = 'Right on',
}: {
  readonly accuracy: { readonly estimate: number; readonly low: number; readonly high: number }
  /** What the share is of. */
  readonly words?: string
}) {
  const x = (share: number) => 2 + share * 116
  return (
    <svg
      role="img"
      aria-label={`${words} ${formatPercentInterval(accuracy)}`}
      width="120"
      height="14"
      viewBox="0 0 120 14"
      className="text-accent"
    >
      <line x1="2" x2="118" y1="7" y2="7" stroke="var(--color-line-strong)" strokeWidth="1" />
      <line x1="60" x2="60" y1="3" y2="11" stroke="var(--color-line-strong)" strokeWidth="1" />
      <line
        x1={x(accuracy.low)}
        x2={x(accuracy.high)}
        y1="7"
        y2="7"
        stroke="currentColor"
        strokeWidth="4"
        strokeLinecap="round"
        opacity="0.45"
      />
      <circle cx={x(accuracy.estimate)} cy="7" r="3.5" fill="currentColor" />
    </svg>
  )
}
