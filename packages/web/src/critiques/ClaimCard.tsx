import type { CritiqueView } from '@leeway/contract/critiques'

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
      <p className="[overflow-wrap:anywhere]" dir="auto">
        {claim.text}
      </p>
      <blockquote
        className="mt-1 border-s-2 border-line-strong ps-2 text-14 text-ink-2 [overflow-wrap:anywhere]"
        dir="auto"
      >
        {claim.quote}
      </blockquote>
      <p className="figures mt-1 text-12 text-ink-2">
        {claim.severity}, step {claim.step}
      </p>
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
