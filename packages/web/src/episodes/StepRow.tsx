import type { StepBody as Body, StepIndex } from '@leeway/contract/episodes'
import { formatDuration } from '../numbers/format-number.ts'
import { StepBody } from './StepBody.tsx'
import { STEP_WORD, StepIcon } from './StepIcon.tsx'
import type { StepRow as Row } from './step-tree.ts'

const TONE = {
  system: 'text-ink-2',
  user: 'text-ink',
  assistant: 'text-accent',
  reasoning: 'text-ink-2',
  tool_call: 'text-ink',
  tool_result: 'text-ink-2',
  generation: 'text-ink-2',
  span: 'text-ink-2',
} as const

/** Deeper than this, steps are no longer moved to the right: a phone has no room for it. */
const INDENTS_MAX = 8

type StepMark = {
  /** Null: nobody points here. */
  readonly words: string | null
  /** Null: it cannot be changed here. */
  readonly onToggle: (() => void) | null
}

/** One step: a line to scan, and below it what it says when it is open. */
export function StepRow({
  row,
  index,
  body,
  isOpen,
  isRaw,
  isBlind,
  isCurrent,
  isMatch,
  longestMs,
  mark,
  onToggle,
  onFold,
}: {
  readonly row: Row
  readonly index: StepIndex
  readonly body: Body | undefined
  readonly isOpen: boolean
  readonly isRaw: boolean
  readonly isBlind: boolean
  readonly isCurrent: boolean
  readonly isMatch: boolean
  readonly longestMs: number
  /** What is said at the step, and how to say it; undefined where nothing is. */
  readonly mark?: StepMark | undefined
  readonly onToggle: () => void
  readonly onFold: () => void
}) {
  const { ordinal } = row
  const kind = index.kind[ordinal] ?? 'span'
  const nameAt = index.name[ordinal]
  const name = nameAt == null ? null : (index.names[nameAt] ?? null)
  const ms = index.durationMs[ordinal] ?? null
  const error = index.error[ordinal] ?? null
  return (
    <div
      id={`step-${ordinal}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.depth + 1}
      aria-selected={isCurrent}
      aria-expanded={isOpen}
      className={`group border-b border-line ${isCurrent ? 'bg-accent-wash shadow-[inset_3px_0_0_var(--color-accent)] rtl:shadow-[inset_-3px_0_0_var(--color-accent)]' : ''}`}
    >
      <div
        className="flex items-start"
        style={{ paddingInlineStart: `${Math.min(row.depth, INDENTS_MAX) * 1.1 + 0.4}rem` }}
      >
        {row.hasChildren ? (
          <button
            type="button"
            tabIndex={-1}
            aria-label={row.isFolded ? 'Unfold what is inside' : 'Fold what is inside'}
            className="mt-2 grid size-6 shrink-0 place-items-center rounded-sm text-ink-2 hover:bg-sunken"
            onClick={onFold}
          >
            <svg
              aria-hidden="true"
              width="10"
              height="10"
              viewBox="0 0 10 10"
              fill="currentColor"
              className={row.isFolded ? '' : 'rotate-90'}
            >
              <path d="M3 1.5 7.5 5 3 8.5z" />
            </svg>
          </button>
        ) : null}
        <button
          type="button"
          tabIndex={-1}
          className="flex min-w-0 flex-1 items-center gap-2 px-2 py-2.5 text-start"
          onClick={onToggle}
        >
          <span className={`flex items-center gap-2 self-start ${TONE[kind]}`}>
            <span className="pt-0.5">
              <StepIcon kind={kind} />
            </span>
            <span className="w-14 shrink-0 text-12 leading-5 font-semibold">{STEP_WORD[kind]}</span>
          </span>
          <span className="line-clamp-2 min-w-0 flex-1 md:line-clamp-1">
            {name === null ? null : <bdi className="me-2 font-mono text-12 font-semibold">{name}</bdi>}
            {isOpen ? null : (
              <bdi className={`text-ink-2 ${isMatch ? 'underline decoration-accent decoration-2' : ''}`}>
                {index.preview[ordinal]}
              </bdi>
            )}
          </span>
          {error === null ? null : (
            <span className="shrink-0 rounded-full bg-unhealthy-wash px-2 text-12 font-semibold text-unhealthy">
              error
            </span>
          )}
          {ms === null ? null : (
            <span className="figures flex shrink-0 items-center gap-2 text-12 text-ink-2">
              <span
                aria-hidden="true"
                className="hidden h-1.5 w-20 overflow-hidden rounded-full bg-sunken sm:block"
              >
                <span
                  className="block h-full rounded-full bg-ink-3"
                  style={{ width: `${longestMs === 0 ? 0 : Math.max(2, (ms / longestMs) * 100)}%` }}
                />
              </span>
              <span className="text-end whitespace-nowrap sm:w-14">{formatDuration(ms)}</span>
            </span>
          )}
        </button>
        {mark === undefined ? null : <Mark mark={mark} isCurrent={isCurrent} />}
      </div>
      {isOpen ? (
        <div
          className="min-w-0 px-3 pb-3 sm:pe-6"
          style={{ paddingInlineStart: `calc(${Math.min(row.depth, INDENTS_MAX) * 1.1 + 0.4}rem + 2rem)` }}
        >
          {body === undefined ? (
            <p className="text-12 text-ink-2" dir="auto">
              {index.preview[ordinal] === '' ? 'Loading…' : `${index.preview[ordinal]}…`}
            </p>
          ) : (
            <StepBody kind={kind} content={body.content} error={body.error} isRaw={isRaw} isBlind={isBlind} />
          )}
        </div>
      ) : null}
    </div>
  )
}

/** Beside every step it would be noise: it stands at the one that is read, at those that are marked, and where the hand is. */
function Mark({
  mark: { words, onToggle },
  isCurrent,
}: {
  readonly mark: StepMark
  readonly isCurrent: boolean
}) {
  const looks = 'me-2 mt-2 shrink-0 rounded-full px-2 py-0.5 text-12'
  // As wide whatever it says: what stands beside it must not move.
  const button = `${looks} w-22 text-center pointer-coarse:opacity-100`
  if (onToggle === null)
    return words === null ? null : (
      <span className={`${looks} bg-accent-wash font-semibold text-accent`}>{words}</span>
    )
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-pressed={words !== null}
      className={`${button} ${
        words === null
          ? `text-ink-2 hover:underline group-hover:opacity-100 ${isCurrent ? '' : 'opacity-0'}`
          : 'bg-accent font-semibold text-on-accent'
      }`}
      onClick={onToggle}
    >
      {words ?? 'This shows it'}
    </button>
  )
}
