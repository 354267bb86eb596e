import type { StepIndex } from '@leeway/contract/episodes'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Failure } from '../design/Failure.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { AS_RATER, useStepBodies } from './queries.ts'
import { StepRow } from './StepRow.tsx'
import { flattenSteps, matchingRows, type StepRow as Row } from './step-tree.ts'

/** Episodes up to this many steps open unfolded, as a transcript to read. */
const OPEN_ALL_MAX = 60

const BESIDE: ReadonlySet<string> = new Set([
  'next',
  'previous',
  'search',
  'match',
  'match-back',
  'error',
  'suggested',
  'mark',
])
const NONE: readonly number[] = []
/** From here on the question stays in sight while the steps move. */
const WIDE = '(min-width: 64rem)'

const NO_ACTIONS: ReadonlySet<string> = new Set()

/** What people say of steps. */
export type StepMarks = {
  /** By ordinal, in a few words. */
  readonly at: ReadonlyMap<number, string>
  /** Null: it is not for this person to change. */
  readonly toggle: ((ordinal: number) => void) | null
}

/** All steps as a tree one walks with j and k. Only what is on screen exists, and only its bodies are fetched. */
export function StepViewer({
  project,
  episodeId,
  index,
  beside = false,
  suggested = NONE,
  about = '',
  without = NO_ACTIONS,
  goal = null,
  marks = null,
}: {
  readonly project: string
  readonly episodeId: string
  readonly index: StepIndex
  /** Beside a question: the keys that answer belong to it, and everybody sees what a rater sees. */
  readonly beside?: boolean
  /** Ordinals of steps that may show what is asked; the first of them comes into view. */
  readonly suggested?: readonly number[]
  /** The question they were suggested for: another one comes to its own steps, also where these are the same. */
  readonly about?: string
  /** Ids of actions whose keys the page around it has another use for. */
  readonly without?: ReadonlySet<string>
  /** A step to go to; each new object goes there again. */
  readonly goal?: { readonly ordinal: number } | null
  readonly marks?: StepMarks | null
}) {
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set())
  const [allOpen, setAllOpen] = useState(index.count <= OPEN_ALL_MAX)
  /** Steps that are not as `allOpen` says. */
  const [flipped, setFlipped] = useState<ReadonlySet<number>>(new Set())
  const [isRaw, setRaw] = useState(false)
  const [query, setQuery] = useState('')
  const [current, setCurrent] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)

  const rows = useMemo(
    () =>
      flattenSteps(
        index.parent.map((parent, ordinal) => ({ ordinal, parent })),
        folded,
      ),
    [index, folded],
  )
  const matches = useMemo(
    () => matchingRows(rows, (ordinal) => searchText(index, ordinal), query),
    [rows, index, query],
  )
  const longestMs = useMemo(
    () => index.durationMs.reduce<number>((max, ms) => Math.max(max, ms ?? 0), 0),
    [index],
  )
  const isOpen = (row: Row) => allOpen !== flipped.has(row.ordinal)

  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (at) => (rows[at] !== undefined && isOpen(rows[at]) ? 110 : 41),
    getItemKey: (at) => rows[at]?.ordinal ?? at,
    overscan: 8,
    scrollMargin: box.current?.offsetTop ?? 0,
  })
  const shown = virtual.getVirtualItems()
  const openOrdinals = shown.flatMap((item) => {
    const row = rows[item.index]
    return row !== undefined && isOpen(row) ? [row.ordinal] : []
  })
  const { bodies, error } = useStepBodies(project, episodeId, openOrdinals, beside ? AS_RATER : {})

  const goTo = (at: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, at))
    setCurrent(to)
    virtual.scrollToIndex(to, { align: 'auto' })
  }
  const flip = (set: ReadonlySet<number>, ordinal: number) => {
    const next = new Set(set)
    if (!next.delete(ordinal)) next.add(ordinal)
    return next
  }
  const toggle = (at: number) => {
    const row = rows[at]
    if (row !== undefined) setFlipped((set) => flip(set, row.ordinal))
  }
  const fold = (at: number) => {
    const row = rows[at]
    if (row?.hasChildren) setFolded((set) => flip(set, row.ordinal))
  }
  const nextMatch = (by: 1 | -1) => {
    const ahead = by === 1 ? matches.find((at) => at > current) : matches.findLast((at) => at < current)
    const to = ahead ?? (by === 1 ? matches[0] : matches.at(-1))
    if (to !== undefined) goTo(to)
  }
  const errors = useMemo(
    () => rows.flatMap((row, at) => (index.error[row.ordinal] == null ? [] : [at])),
    [rows, index],
  )

  const places = useMemo(
    () => rows.flatMap((row, at) => (suggested.includes(row.ordinal) ? [at] : [])),
    [rows, suggested],
  )
  const asked = `${about} ${suggested.join(' ')}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question moves the view; folding a step does not
  useEffect(() => {
    const [first] = places
    if (first === undefined) return
    setCurrent(first)
    if (window.matchMedia(WIDE).matches) virtual.scrollToIndex(first, { align: 'center' })
  }, [asked])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new goal moves the view; folding a step does not
  useEffect(() => {
    const to = goal === null ? -1 : rows.findIndex(({ ordinal }) => ordinal === goal.ordinal)
    if (to < 0) return
    setCurrent(to)
    virtual.scrollToIndex(to, { align: 'center' })
    box.current?.focus({ preventScroll: true })
  }, [goal])

  const mark = marks?.toggle ?? null
  const actions: readonly Action[] = [
    ...(mark === null
      ? []
      : [
          {
            id: 'mark',
            title: 'Say that the step you are at shows it, or take that back',
            group: 'This page' as const,
            keys: ['m'],
            perform: () => {
              const row = rows[current]
              if (row !== undefined) mark(row.ordinal)
            },
          },
        ]),
    ...(places.length === 0
      ? []
      : [
          {
            id: 'suggested',
            title: 'Next step that may show it',
            group: 'This page' as const,
            keys: ['w'],
            perform: () => goTo(places.find((at) => at > current) ?? places[0] ?? current),
          },
        ]),
    { id: 'next', title: 'Next step', group: 'This page', keys: ['j'], perform: () => goTo(current + 1) },
    {
      id: 'previous',
      title: 'Previous step',
      group: 'This page',
      keys: ['k'],
      perform: () => goTo(current - 1),
    },
    {
      id: 'open',
      title: 'Open or close the step',
      group: 'This page',
      keys: ['Enter'],
      perform: () => toggle(current),
    },
    {
      id: 'fold',
      title: 'Fold what is inside the step',
      group: 'This page',
      keys: ['f'],
      perform: () => fold(current),
    },
    {
      id: 'search',
      title: 'Search the steps',
      group: 'This page',
      keys: ['/'],
      perform: () => search.current?.focus(),
    },
    { id: 'match', title: 'Next match', group: 'This page', keys: ['n'], perform: () => nextMatch(1) },
    {
      id: 'match-back',
      title: 'Previous match',
      group: 'This page',
      keys: ['N'],
      perform: () => nextMatch(-1),
    },
    {
      id: 'error',
      title: 'Next error',
      group: 'This page',
      keys: ['e'],
      unavailable: errors.length === 0 ? 'No step has an error' : undefined,
      perform: () => goTo(errors.find((at) => at > current) ?? errors[0] ?? current),
    },
  ]
  const all: Action = {
    id: 'all',
    title: allOpen ? 'Close all' : 'Open all',
    group: 'This page',
    keys: ['o'],
    perform: () => {
      setAllOpen(!allOpen)
      setFlipped(new Set())
    },
  }
  const raw: Action = {
    id: 'raw',
    title: isRaw ? 'Readable' : 'Raw JSON',
    group: 'This page',
    keys: ['r'],
    perform: () => setRaw(!isRaw),
  }
  useLiveActions(
    'step-viewer',
    beside ? actions.filter(({ id }) => BESIDE.has(id) && !without.has(id)) : [...actions, all, raw],
  )

  return (
    <section aria-label="Steps">
      <div className="sticky top-0 z-10 -mx-4 flex flex-wrap items-center gap-2 border-b border-line bg-page px-4 py-2 sm:mx-0 sm:px-0">
        <input
          ref={search}
          type="search"
          aria-label="Search the steps: names, errors and the first words of each"
          placeholder="Search names, errors, first words"
          className="min-h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-3 text-14 sm:max-w-80"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') nextMatch(event.shiftKey ? -1 : 1)
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <span className="figures text-12 text-ink-2" aria-live="polite">
          {query.trim() === '' ? formatCountOf(index.count, 'step') : `${formatCount(matches.length)} found`}
        </span>
        {places.length === 0 ? null : (
          <span className="figures text-12 text-ink-2">
            {formatCountOf(places.length, 'step')} may show it <kbd className="font-mono">w</kbd>
          </span>
        )}
        <span className="ms-auto flex gap-2">
          <ActionButton size="small" action={beside ? withoutKeys(all) : all} />
          <ActionButton size="small" action={beside ? withoutKeys(raw) : raw} aria-pressed={isRaw} />
        </span>
      </div>
      {error === undefined ? null : <Failure error={error} />}
      <div
        ref={box}
        role="tree"
        aria-label="Steps of the episode"
        tabIndex={0}
        aria-activedescendant={`step-${rows[current]?.ordinal ?? 0}`}
        className="mt-2 rounded-lg border border-line bg-surface"
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return
          if (event.key === 'ArrowDown') goTo(current + 1)
          else if (event.key === 'ArrowUp') goTo(current - 1)
          else if (event.key === 'Home') goTo(0)
          else if (event.key === 'End') goTo(rows.length - 1)
          else if (event.key === 'ArrowLeft' && rows[current]?.isFolded === false) fold(current)
          else if (event.key === 'ArrowRight' && rows[current]?.isFolded === true) fold(current)
          else return
          event.preventDefault()
        }}
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {shown.map((item) => {
            const row = rows[item.index]
            return row === undefined ? null : (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="none"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
              >
                <StepRow
                  row={row}
                  index={index}
                  body={bodies.get(row.ordinal)}
                  isOpen={isOpen(row)}
                  isRaw={isRaw}
                  isBlind={beside}
                  isCurrent={item.index === current}
                  isMatch={matches.includes(item.index)}
                  longestMs={longestMs}
                  mark={
                    marks === null
                      ? undefined
                      : {
                          words: marks.at.get(row.ordinal) ?? null,
                          onToggle: mark === null ? null : () => mark(row.ordinal),
                        }
                  }
                  onToggle={() => {
                    setCurrent(item.index)
                    toggle(item.index)
                  }}
                  onFold={() => fold(item.index)}
                />
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

function withoutKeys({ keys: _keys, ...action }: Action): Action {
  return action
}

function searchText(index: StepIndex, ordinal: number): string {
  const name = index.name[ordinal]
  return `${name == null ? '' : index.names[name]} ${index.preview[ordinal]} ${index.error[ordinal] ?? ''}`
}
