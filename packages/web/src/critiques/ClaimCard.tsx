import type { CritiqueView } from '@leeway/contract/critiques'
import { ClaimText } from './ClaimText.tsx'

type Claim = CritiqueView['claims'][number]
type Mark = NonNullable<Claim['mark']>

const WORDS = { valid: 'holds', invalid: 'does not hold', seen: 'holds, had seen it' } as const

/** One claim with the words it rests on. Everything in it is inert text. */
export function ClaimCard({
  claim,
  isCurrent,
  marks,
  onMark,
}: {
  readonly claim: Claim
  readonly isCurrent: boolean
  readonly marks: readonly { readonly key: string; readonly mark: Mark }[]
  readonly onMark: (mark: Mark) => void
}) {
  return (
    <li
      aria-current={isCurrent}
      className={`rounded-md border p-3 ${isCurrent ? 'border-accent bg-accent-wash' : 'border-line'}`}
    >
      <ClaimText claim={claim} />
      <div className="mt-2 flex flex-wrap gap-1.5">
        {marks.map(({ key, mark }) => (
          <button
            key={mark}
            type="button"
            aria-pressed={claim.mark === mark}
            onClick={(event) => {
              onMark(mark)
              // Enter goes on; a button in focus would take it for itself.
              event.currentTarget.blur()
            }}
            className={`min-h-9 rounded-md border px-2.5 text-14 ${
              claim.mark === mark
                ? 'border-accent bg-surface font-semibold'
                : 'border-line-strong/60 bg-surface hover:border-line-strong'
            }`}
          >
            {WORDS[mark]}{' '}
            {isCurrent ? (
              <kbd className="hidden rounded-sm border border-current/40 px-1 font-mono text-12 font-normal opacity-80 md:inline">
                {key}
              </kbd>
            ) : null}
          </button>
        ))}
      </div>
    </li>
  )
}
