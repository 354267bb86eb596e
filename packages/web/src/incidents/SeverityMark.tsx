import type { Severity } from '@leeway/core/critiques/claim'
import { GradeMark } from '../design/GradeMark.tsx'

/** How grave it is: a shape, a word and, where it matters, a colour. */
export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return <GradeMark shape={SHAPES[severity]} word={severity} colour={TEXT[severity]} />
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
