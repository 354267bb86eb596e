import type { HoldSummary } from '@leeway/contract/holds'
import { formatCountOf } from '../numbers/format-number.ts'
import { StakesMark } from './StakesMark.tsx'
import { timeLeftWords } from './time-left-words.ts'

/** Calls that wait, the first to run out first. */
export function HoldList({
  open,
  chosen,
  now,
  onChoose,
}: {
  readonly open: readonly HoldSummary[]
  readonly chosen: string | null
  readonly now: number
  readonly onChoose: (hold: string) => void
}) {
  if (open.length === 0) return <p className="text-14 text-ink-2">No call waits now.</p>
  return (
    <ul
      aria-label="Calls that wait"
      className="divide-y divide-line overflow-hidden rounded-lg border border-line"
    >
      {open.map(({ id, agent, tools, stakes, expiresAt, escalations }) => (
        <li key={id}>
          <button
            type="button"
            aria-current={id === chosen}
            onClick={(event) => {
              onChoose(id)
              // Enter confirms an approval; a button in focus would take it for itself.
              event.currentTarget.blur()
            }}
            className="block w-full border-s-4 border-transparent bg-surface px-3 py-2.5 text-start hover:bg-sunken aria-[current=true]:border-accent aria-[current=true]:bg-accent-wash"
          >
            <span className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="font-mono text-14 font-semibold" dir="auto">
                {toolsWords(tools)}
              </span>
              <span className="figures text-12 text-ink-2">{timeLeftWords(expiresAt, now)}</span>
            </span>
            <span className="mt-0.5 flex flex-wrap items-center justify-between gap-x-3 text-12 text-ink-2">
              <bdi>{agent}</bdi>
              <StakesMark stakes={stakes} />
            </span>
            {escalations === 0 ? null : (
              <span className="block text-12 text-ink-2">
                passed on {escalations === 1 ? 'once' : formatCountOf(escalations, 'time')}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** "refund", "refund and note", "refund and 4 more". */
export function toolsWords(tools: readonly string[]): string {
  const [first = 'no tool', second] = tools
  if (second === undefined) return first
  return tools.length === 2 ? `${first} and ${second}` : `${first} and ${tools.length - 1} more`
}
