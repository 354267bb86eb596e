import { Button } from '../design/Button.tsx'
import { Key } from '../design/Key.tsx'
import { formatPercent } from '../numbers/format-number.ts'
import { rounded, SURE_MAX, SURE_START } from './sureness.ts'

/** How sure somebody is, if they say it. */
export function SurenessField({
  value,
  least,
  onChange,
}: {
  readonly value: number | null
  readonly least: number
  readonly onChange: (value: number | null) => void
}) {
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 text-12 text-ink-2">
      <label className="flex min-w-0 grow items-center gap-3">
        <span className="whitespace-nowrap">
          How sure? <Key>-</Key> <Key>+</Key>
        </span>
        <input
          type="range"
          min={Math.round(least * 100)}
          max={SURE_MAX * 100}
          step={1}
          value={Math.round((value ?? SURE_START) * 100)}
          aria-valuetext={value === null ? 'not said' : formatPercent(value)}
          onChange={(event) => onChange(rounded(Number(event.target.value) / 100, least))}
          // A number that was not moved is none that was said.
          className={`w-24 min-w-0 grow accent-accent ${value === null ? 'opacity-50' : ''}`}
        />
      </label>
      {value === null ? (
        <span className="w-16 text-end">not said</span>
      ) : (
        <Button
          kind="quiet"
          size="small"
          className="figures w-16 justify-end font-semibold"
          title="Say nothing of it"
          aria-label={`${formatPercent(value)}, say nothing of it`}
          onClick={() => onChange(null)}
        >
          {formatPercent(value)} ×
        </Button>
      )}
    </div>
  )
}
