import type { Severity } from '@leeway/core/critiques/claim'

/** How grave it is: a shape, a word and, where it matters, a colour. */
export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return (
    <span
      className={`inline-flex items-center gap-1 text-12 font-semibold whitespace-nowrap ${TEXT[severity]}`}
    >
      <svg
        aria-hidden="true"
        width="14"
        height="14"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
        className="shrink-0"
      >
        {SHAPES[severity]}
      </svg>
      {severity}
    </span>
  )
}

const TEXT = {
  minor: 'text-ink-2',
  major: 'text-hold',
  critical: 'text-rollback',
} as const satisfies Record<Severity, string>

const SHAPES = {
  minor: <circle cx="8" cy="8" r="5" />,
  major: <path d="M8 2l6 6-6 6-6-6z" />,
  critical: <path d="M8 2.2 14.4 13.5H1.6z" />,
} as const satisfies Record<Severity, React.ReactNode>
