import type { ContractChange } from '@leeway/core/autonomy/describe-contract'

/** Told by shape and word, not by colour alone. */
export function ChangeList({ changes }: { readonly changes: readonly ContractChange[] }) {
  if (changes.length === 0) return <p className="text-ink-2">Nothing but version and time.</p>
  return (
    <ul className="divide-y divide-line">
      {changes.map(({ kind, words }) => (
        <li key={words} className="grid gap-x-4 py-2 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
          <span
            className={`flex items-center gap-1.5 self-start text-12 leading-[1.3125rem] font-semibold ${TEXT[kind]}`}
          >
            <svg
              aria-hidden="true"
              width="12"
              height="12"
              viewBox="0 0 12 12"
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
              strokeLinecap="round"
            >
              <path d={SHAPE[kind]} />
            </svg>
            {kind}
          </span>
          <p dir="auto" className="min-w-0 break-words">
            {words}
          </p>
        </li>
      ))}
    </ul>
  )
}

const TEXT = {
  looser: 'text-hold',
  tighter: 'text-promote',
  other: 'text-ink-2',
} as const satisfies Record<ContractChange['kind'], string>

const SHAPE = {
  looser: 'M6 1.5v9M1.5 6h9',
  tighter: 'M1.5 6h9',
  other: 'M1.5 4h9M1.5 8h9',
} as const satisfies Record<ContractChange['kind'], string>
