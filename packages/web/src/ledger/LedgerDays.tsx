import type { ListedLedgerEntry } from '@leeway/contract/ledger'
import { CopyButton } from '../design/CopyButton.tsx'
import { Prose } from '../design/Prose.tsx'
import { formatCount } from '../numbers/format-number.ts'

const day = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

/** Entries under the day they were written on, in the reader's own time. */
export function LedgerDays({ entries }: { readonly entries: readonly ListedLedgerEntry[] }) {
  const days = Object.entries(groupByDay(entries))
  return (
    <div className="space-y-6">
      {days.map(([name, own]) => (
        <section key={name} aria-label={name}>
          <h2 className="mb-1 text-12 font-semibold text-ink-2">{name}</h2>
          <ol className="divide-y divide-line rounded-lg border border-line bg-surface">
            {own.map((entry) => (
              <Entry key={entry.seq} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function Entry({ entry }: { readonly entry: ListedLedgerEntry }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 px-4 py-2.5 sm:grid-cols-[3.5rem_minmax(0,1fr)_auto]">
      <time
        dateTime={entry.at}
        title={`${entry.at.slice(0, 19).replace('T', ' ')} UTC`}
        className="text-12 text-ink-2 max-sm:col-span-2"
      >
        {clock.format(new Date(entry.at))}
      </time>
      <p dir="auto">
        <Prose text={entry.sentence} />
      </p>
      <span className="figures flex items-baseline gap-1 text-12 text-ink-2">
        <span title="Place in the chain">{formatCount(entry.seq)}</span>
        <CopyButton value={entry.hash} what="hash" />
      </span>
    </li>
  )
}

function groupByDay(entries: readonly ListedLedgerEntry[]): Record<string, ListedLedgerEntry[]> {
  const days: Record<string, ListedLedgerEntry[]> = {}
  for (const entry of entries) {
    const name = day.format(new Date(entry.at))
    const own = days[name]
    if (own === undefined) days[name] = [entry]
    else own.push(entry)
  }
  return days
}
