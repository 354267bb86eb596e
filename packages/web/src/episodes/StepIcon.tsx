import type { StepKind } from '@leeway/core/episodes/episode'
import type { ReactNode } from 'react'

export const STEP_WORD: Record<StepKind, string> = {
  system: 'System',
  user: 'User',
  assistant: 'Agent',
  reasoning: 'Thinking',
  tool_call: 'Call',
  tool_result: 'Result',
  generation: 'Model',
  span: 'Span',
}

/** One shape a kind, so that a column of steps can be scanned. Decorative: the word stands beside it. */
export function StepIcon({ kind }: { readonly kind: StepKind }) {
  return (
    <svg
      aria-hidden="true"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      {SHAPES[kind]}
    </svg>
  )
}

const SHAPES: Record<StepKind, ReactNode> = {
  system: <path d="M2.5 3.5h11v9h-11zM5 6.5l2 1.8-2 1.7M8.5 10.2h2.5" />,
  user: (
    <path d="M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM3 13.3c.6-2.3 2.6-3.4 5-3.4s4.4 1.1 5 3.4" />
  ),
  assistant: <path d="M2.5 3h11v7.5H8L5 13.2v-2.7H2.5z" />,
  reasoning: (
    <path d="M5.5 12.5h5M6.3 14.2h3.4M8 1.8a4.3 4.3 0 0 0-2.3 8l.3 1.2h4l.3-1.2a4.3 4.3 0 0 0-2.3-8Z" />
  ),
  tool_call: <path d="M2.5 8h9M8 4l4 4-4 4M13.8 3v10" />,
  tool_result: <path d="M13.5 8h-9M8 4 4 8l4 4M2.2 3v10" />,
  generation: <path d="M8 2v3M8 11v3M2 8h3M11 8h3M8 6.2 9.8 8 8 9.8 6.2 8z" />,
  span: <path d="M3 3v10M3 8h6M3 4.5h10M3 11.5h4" />,
}
