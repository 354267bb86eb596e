import type { Stakes } from '@leeway/core/episodes/episode'

/** What a call could do at worst: a shape, a word and, where it matters, a colour. */
export function StakesMark({ stakes }: { readonly stakes: Stakes }) {
  return (
    <span
      className={`inline-flex items-center gap-1 text-12 font-semibold whitespace-nowrap ${TEXT[stakes]}`}
    >
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
        {SHAPES[stakes]}
      </svg>
      {WORDS[stakes]}
    </span>
  )
}

const WORDS = {
  read: 'only reads',
  reversible: 'can be undone',
  costly: 'costly',
  irreversible: 'cannot be undone',
} as const satisfies Record<Stakes, string>

const TEXT = {
  read: 'text-ink-2',
  reversible: 'text-ink-2',
  costly: 'text-hold',
  irreversible: 'text-rollback',
} as const satisfies Record<Stakes, string>

const SHAPES = {
  read: <circle cx="8" cy="8" r="5" />,
  reversible: <path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3.5l-3 3 3 3" />,
  costly: <path d="M8 2l6 6-6 6-6-6z" />,
  irreversible: <path d="M8 2.2 14.4 13.5H1.6zM8 6.8v2.8M8 11.6v.1" />,
} as const satisfies Record<Stakes, React.ReactNode>
