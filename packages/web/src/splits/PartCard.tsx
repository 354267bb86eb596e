import type { PartView } from '@leeway/contract/splits'
import { PartAnswers } from './PartAnswers.tsx'

/** One part with what others say to it, and one's own word. Everything in it is inert text. */
export function PartCard({
  part,
  isCurrent,
  own,
  onSay,
}: {
  readonly part: PartView
  readonly isCurrent: boolean
  readonly own: readonly { readonly key: string; readonly value: 'yes' | 'no' }[]
  readonly onSay: (value: 'yes' | 'no') => void
}) {
  return (
    <li
      aria-current={isCurrent}
      className={`rounded-md border p-3 ${isCurrent ? 'border-accent bg-accent-wash' : 'border-line'}`}
    >
      <PartAnswers part={part} />
      <div className="mt-2 flex flex-wrap items-center gap-1.5">
        <span className="text-12 text-ink-2">What you say:</span>
        {own.map(({ key, value }) => (
          <button
            key={value}
            type="button"
            aria-pressed={part.mine === value}
            onClick={(event) => {
              onSay(value)
              // Enter goes on; a button in focus would take it for itself.
              event.currentTarget.blur()
            }}
            className={`min-h-9 rounded-md border px-2.5 text-14 ${
              part.mine === value
                ? 'border-accent bg-surface font-semibold'
                : 'border-line-strong/60 bg-surface hover:border-line-strong'
            }`}
          >
            {value}{' '}
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
