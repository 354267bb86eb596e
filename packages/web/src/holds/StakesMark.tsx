import type { Stakes } from '@leeway/core/episodes/episode'
import { GradeMark } from '../design/GradeMark.tsx'

/** What a call could do at worst: a shape, a word and, where it matters, a colour. */
export function StakesMark({ stakes }: { readonly stakes: Stakes }) {
  return <GradeMark shape={SHAPES[stakes]} word={WORDS[stakes]} colour={TEXT[stakes]} />
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
