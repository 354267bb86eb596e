import { formatPercent, formatPercentInterval } from '../numbers/format-number.ts'

const WIDTH = 320

/** The candidate's share with its interval, over the share that was drawn for it. The words carry the numbers. */
export function SplitBar({
  share,
  low,
  high,
  exposure,
  isBroken,
}: {
  readonly share: number
  readonly low: number
  readonly high: number
  readonly exposure: number
  readonly isBroken: boolean
}) {
  // Small shares on a line up to 100 % could not be told apart.
  const most = Math.min(1, Math.ceil(Math.max(high, exposure) * 1.3 * 20) / 20)
  const x = (value: number) => 4 + (value / most) * (WIDTH - 8)
  return (
    <figure className="max-w-md">
      <svg
        role="img"
        aria-label={`Served by the candidate ${formatPercentInterval({ estimate: share, low, high })}, drawn for it ${formatPercent(exposure)}`}
        viewBox={`0 0 ${WIDTH} 34`}
        className={`block w-full ${isBroken ? 'text-unhealthy' : 'text-accent'}`}
      >
        <line x1="4" x2={WIDTH - 4} y1="17" y2="17" stroke="var(--color-line-strong)" />
        <line x1={x(0)} x2={x(0)} y1="13" y2="21" stroke="var(--color-line-strong)" />
        <line x1={x(most)} x2={x(most)} y1="13" y2="21" stroke="var(--color-line-strong)" />
        <line
          x1={x(low)}
          x2={x(high)}
          y1="17"
          y2="17"
          stroke="currentColor"
          strokeWidth="8"
          strokeLinecap="round"
          opacity="0.4"
        />
        <line
          x1={x(exposure)}
          x2={x(exposure)}
          y1="3"
          y2="31"
          stroke="var(--color-ink)"
          strokeWidth="1.5"
          strokeDasharray="3 2"
        />
        <circle cx={x(share)} cy="17" r="5" fill="currentColor" />
      </svg>
      <figcaption aria-hidden="true" className="figures flex justify-between text-12 text-ink-3">
        <span>0</span>
        <span>dashed: drawn, {formatPercent(exposure)}</span>
        <span>{formatPercent(most)}</span>
      </figcaption>
    </figure>
  )
}
