/**
 * Which clauses of an instruction the questions of a rubric say they check.
 *
 * Estimand    none: it counts. `share` is the checked clauses of all, each alike. It says that a question claims a clause, not
 *             that the question is a good one, and not that anybody answers it.
 * Method      a question quotes the words that it checks. A clause is checked when quotes hold at least half of its letters
 *             and digits, partly when they hold some. Every place where a quote stands counts.
 * Degenerate  without clauses the share is null, never 0 or 1. A quote that the instruction does not hold covers nothing and
 *             is told by itself.
 * Units       clauses; the share in [0, 1].
 * Cost        O(quotes x length of the instruction).
 */
import type { Rubric, RubricNode } from '../rubrics/rubric.ts'
import { clausesOf, type Span } from './clauses-of.ts'
import { quoteFinder } from './quote-finder.ts'

export type ClauseState = 'checked' | 'partly' | 'unchecked'

export type CoveredClause = Span & {
  readonly state: ClauseState
  /** Ids of the questions that quote words of it, in reading order. */
  readonly by: readonly string[]
}

export type RubricCoverage = {
  readonly clauses: readonly CoveredClause[]
  readonly checked: number
  readonly partly: number
  readonly unchecked: number
  readonly share: number | null
  /** Quotes that the instruction does not hold word for word. */
  readonly invented: readonly { readonly id: string; readonly quote: string }[]
  /** Questions that quote nothing. */
  readonly unquoted: readonly string[]
}

const CHECKED_FROM = 0.5

export function rubricCoverage(instruction: string, rubric: Rubric): RubricCoverage {
  const find = quoteFinder(instruction)
  const questions = questionsOf(rubric.root)
  const quotes = questions.flatMap(({ id, checks }) =>
    checks.map((quote) => ({ id, quote, at: find(quote) })),
  )
  const split = clausesOf(instruction)
  const by = split.map(() => new Set<string>())
  const quoted = new Uint8Array(instruction.length)
  for (const { id, at } of quotes) {
    for (const { from, to } of at) quoted.fill(1, from, to)
    for (const clause of overlapped(split, at)) by[clause]?.add(id)
  }
  const clauses = split.map((clause, index): CoveredClause => {
    return { ...clause, state: stateOf(instruction, clause, quoted), by: [...(by[index] ?? [])] }
  })
  const count = (state: ClauseState) => clauses.filter((one) => one.state === state).length
  const checked = count('checked')
  return {
    clauses,
    checked,
    partly: count('partly'),
    unchecked: count('unchecked'),
    share: clauses.length === 0 ? null : checked / clauses.length,
    invented: quotes.filter(({ at }) => at.length === 0).map(({ id, quote }) => ({ id, quote })),
    unquoted: questions.filter(({ checks }) => checks.length === 0).map(({ id }) => id),
  }
}

type Question = { readonly id: string; readonly checks: readonly string[] }

function questionsOf(node: RubricNode): readonly Question[] {
  const { criterion, checks = [] } = node
  const own = criterion === null ? [] : [{ id: criterion.id, checks }]
  return node.kind === 'leaf' ? own : [...own, ...node.children.flatMap(questionsOf)]
}

/** Places of the clauses that a quote touches; both lists are in order. */
function overlapped(clauses: readonly Span[], quotes: readonly Span[]): readonly number[] {
  const found: number[] = []
  let next = 0
  for (const [place, { from, to }] of clauses.entries()) {
    while ((quotes[next]?.to ?? Infinity) <= from) next += 1
    if ((quotes[next]?.from ?? Infinity) < to) found.push(place)
  }
  return found
}

function stateOf(text: string, { from, to }: Span, quoted: Uint8Array): ClauseState {
  let held = 0
  let all = 0
  let at = from
  for (const character of text.slice(from, to)) {
    if (/[\p{L}\p{N}]/u.test(character)) {
      all += 1
      held += quoted[at] ?? 0
    }
    at += character.length
  }
  if (held === 0) return 'unchecked'
  return held >= CHECKED_FROM * all ? 'checked' : 'partly'
}
