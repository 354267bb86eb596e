import type { Measured } from '@leeway/contract/agreement'
import { formatPercentInterval } from '../numbers/format-number.ts'

/** A share on a line from 0 to 100 % with the half marked; the words below carry the numbers. */
export function ShareBar({ share }: { readonly share: Measured }) {
  if (share.kind === 'insufficient') return <span className="text-12 text-ink-2">{share.reason}</span>
  const x = (value: number) => 2 + value * 156
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3">
      <svg aria-hidden="true" width="160" height="14" viewBox="0 0 160 14" className="text-accent">
        <line x1="2" x2="158" y1="7" y2="7" stroke="var(--color-line-strong)" strokeWidth="1" />
        <line x1="80" x2="80" y1="1" y2="13" stroke="var(--color-line-strong)" strokeWidth="1.5" />
        <line
          x1={x(share.low)}
          x2={x(share.high)}
          y1="7"
          y2="7"
          stroke="currentColor"
          strokeWidth="4"
          strokeLinecap="round"
          opacity="0.45"
        />
        <circle cx={x(share.value)} cy="7" r="3.5" fill="currentColor" />
      </svg>
      <span className="figures whitespace-nowrap">
        {formatPercentInterval({ estimate: share.value, low: share.low, high: share.high })}
      </span>
    </span>
  )
}
