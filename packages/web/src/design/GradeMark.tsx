import type { ReactNode } from 'react'

/** How grave something is: a shape, a word and, where it matters, a colour. `shape`: drawn with lines in a box of 16 by 16. */
export function GradeMark({
  shape,
  word,
  colour,
}: {
  readonly shape: ReactNode
  readonly word: string
  readonly colour: 'text-ink-2' | 'text-hold' | 'text-rollback'
}) {
  return (
    <span className={`inline-flex items-center gap-1 text-12 font-semibold whitespace-nowrap ${colour}`}>
      <svg
        aria-hidden="true"
        width="14"
        height="14"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="shrink-0"
      >
        {shape}
      </svg>
      {word}
    </span>
  )
}
