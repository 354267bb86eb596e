/** The trusted outcome: a shape and a word. Unmeasured is its own thing, never a failure. */
import { formatPercent } from '../numbers/format-number.ts'

export function OutcomeMark({
  success,
  severe,
}: {
  readonly success: number | null
  readonly severe: boolean
}) {
  const [word, tone, shape] =
    success === null
      ? ['not measured', 'text-ink-2', <path key="none" d="M4 8h8" strokeDasharray="2 2.5" />]
      : success === 1
        ? ['success', 'text-promote', <path key="yes" d="m3.5 8.5 3 3 6-7" />]
        : success === 0
          ? ['failure', 'text-rollback', <path key="no" d="m4 4 8 8M12 4l-8 8" />]
          : [`${formatPercent(success)} of success`, 'text-hold', <path key="part" d="M3 8h4m2 0h4" />]
  return (
    <span className={`inline-flex items-center gap-1 text-12 font-medium whitespace-nowrap ${tone}`}>
      <svg
        aria-hidden="true"
        width="14"
        height="14"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      >
        {shape}
      </svg>
      {word}
      {severe ? (
        <span className="ms-1 rounded-full bg-unhealthy-wash px-1.5 text-unhealthy">severe</span>
      ) : null}
    </span>
  )
}
