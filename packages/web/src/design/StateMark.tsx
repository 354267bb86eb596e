/** The four things evidence can say, each with a shape, a colour and a word. Never colour alone. */

export const STATE_WORD = {
  promote: 'Promote',
  hold: 'Hold',
  rollback: 'Rollback',
  unhealthy: 'Unhealthy',
} as const

export type EvidenceState = keyof typeof STATE_WORD

export const STATE_TEXT = {
  promote: 'text-promote',
  hold: 'text-hold',
  rollback: 'text-rollback',
  unhealthy: 'text-unhealthy',
} as const satisfies Record<EvidenceState, string>

export const STATE_WASH = {
  promote: 'bg-promote-wash',
  hold: 'bg-hold-wash',
  rollback: 'bg-rollback-wash',
  unhealthy: 'bg-unhealthy-wash',
} as const satisfies Record<EvidenceState, string>

/** The shape alone, in the current colour. Decorative: put the word beside it. */
export function StateShape({ state, size = 16 }: { readonly state: EvidenceState; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      {SHAPES[state]}
    </svg>
  )
}

export function StateMark({ state, word }: { readonly state: EvidenceState; readonly word?: string }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-12 font-semibold whitespace-nowrap ${STATE_TEXT[state]} ${STATE_WASH[state]}`}
    >
      <StateShape state={state} size={14} />
      {word ?? STATE_WORD[state]}
    </span>
  )
}

const SHAPES = {
  promote: <path d="M8 13.5V3M3.5 7.2 8 2.7l4.5 4.5" />,
  hold: <path d="M5.5 3v10M10.5 3v10" strokeWidth="2.6" />,
  rollback: <path d="M8 2.5V13M3.5 8.8 8 13.3l4.5-4.5" />,
  unhealthy: <path d="M9.9 2.6A5.7 5.7 0 1 1 5 3.2M6.8 6.2l1.9 1.7-1.6 1.5 1.9 1.8" />,
} as const satisfies Record<EvidenceState, unknown>
