/**
 * Dawid-Skene, MAP Dawid-Skene and one-coin by expectation maximisation.
 *
 * Objective   sum over items of log P(ratings) at the current tables plus the log prior: what each iteration raises.
 * Converged   when it rises by less than 1e-7 of itself, at most 500 iterations.
 * Gold        clamps its items: they count with certainty and always teach.
 * Degenerate  items that one rater alone has rated get a belief from that rater's tables and teach nothing; with one
 *             rater, or one rating an item everywhere, the tables stay at the prior. Without ratings: the class prior.
 */
import { maximise } from './confusion-tables.ts'
import { addSlices, emPlan, inThisThread } from './em-pass.ts'
import { eachRun, itemRuns } from './item-runs.ts'
import { logBeliefsOf } from './log-beliefs.ts'
import type { RatingIndex } from './rating-index.ts'
import type { ConfusionModel, FitOptions, TruthFit } from './truth-method.ts'

const ITERATIONS_MAX = 500
const TOLERANCE = 1e-7

export type ConfusionFit = TruthFit & {
  readonly method: ConfusionModel
  /** log P(label | class), [rater * K + label][class]. */
  readonly tables: Float64Array
  readonly logPrior: Float64Array
}

export function fitConfusion(index: RatingIndex, model: ConfusionModel, options: FitOptions): ConfusionFit {
  const { raters, classes } = index
  const { gold } = options
  const cellsAll = raters * classes
  const binary = classes === 2
  const { teaching } = itemRuns(index, gold)
  const fixed = goldCounts(index, gold)
  const plan = emPlan(index, teaching, options.threads?.allocate)
  const runSlices = options.threads?.runSlices ?? inThisThread
  const tables = new Float64Array(cellsAll * classes)
  const counts = new Float64Array(cellsAll * classes)
  const ones = binary ? new Float64Array(cellsAll) : counts
  const logPrior = new Float64Array(classes)
  const classCounts = new Float64Array(classes)
  const totals = binary ? teachingTotals(index, teaching) : counts
  const objective: number[] = []
  const limit = options.iterations ?? ITERATIONS_MAX

  firstCounts(index, teaching, options.start, counts, classCounts)
  for (let iteration = 0; iteration < limit; iteration++) {
    if (fixed !== null) addTo(counts, fixed.counts)
    if (fixed !== null) addTo(classCounts, fixed.classCounts)
    let value = maximise({ model, raters, classes, counts, classCounts }, tables, logPrior)
    if (fixed !== null) value += dot(fixed.counts, tables) + dot(fixed.classCounts, logPrior)
    if (binary) value += logOdds(tables, totals, plan.tables)
    else plan.tables.set(tables)
    plan.logPrior.set(logPrior)
    runSlices(plan)
    value += addSlices(plan, ones, classCounts)
    if (binary) bothClasses(ones, totals, counts)
    const before = objective.at(-1)
    objective.push(value)
    if (options.iterations === null && before !== undefined && value - before < TOLERANCE * Math.abs(value))
      break
  }
  return {
    method: model,
    logBeliefs: logBeliefsOf(index, tables, logPrior, gold),
    objective,
    iterations: objective.length,
    tables,
    logPrior,
  }
}

/** Fills `odds` with log P(label | 1) - log P(label | 0); returns what the slices leave out: the terms of class 0. */
function logOdds(tables: Float64Array, totals: Float64Array, odds: Float64Array): number {
  let left = 0
  for (let cell = 0; cell < odds.length; cell++) {
    const zero = tables[2 * cell] as number
    odds[cell] = (tables[2 * cell + 1] as number) - zero
    left += (totals[cell] as number) * zero
  }
  return left
}

function bothClasses(ones: Float64Array, totals: Float64Array, counts: Float64Array): void {
  for (let cell = 0; cell < ones.length; cell++) {
    const one = ones[cell] as number
    counts[2 * cell + 1] = one
    counts[2 * cell] = Math.max(0, (totals[cell] as number) - one)
  }
}

function firstCounts(
  { start, cells, classes }: RatingIndex,
  teaching: Int32Array,
  begin: Float64Array | null,
  counts: Float64Array,
  classCounts: Float64Array,
): void {
  const share = new Float64Array(classes)
  eachRun(teaching, (first, last) => {
    for (let i = first; i < last; i++) {
      const from = start[i] as number
      const to = start[i + 1] as number
      if (begin === null) {
        share.fill(0)
        for (let at = from; at < to; at++) {
          const label = (cells[at] as number) % classes
          share[label] = (share[label] as number) + 1 / (to - from)
        }
      } else for (let k = 0; k < classes; k++) share[k] = Math.exp(begin[i * classes + k] as number)
      for (let k = 0; k < classes; k++) classCounts[k] = (classCounts[k] as number) + (share[k] as number)
      for (let at = from; at < to; at++) {
        const cell = (cells[at] as number) * classes
        for (let k = 0; k < classes; k++)
          counts[cell + k] = (counts[cell + k] as number) + (share[k] as number)
      }
    }
  })
}

function teachingTotals({ raters, classes, start, cells }: RatingIndex, teaching: Int32Array): Float64Array {
  const totals = new Float64Array(raters * classes)
  eachRun(teaching, (first, last) => {
    const to = start[last] as number
    for (let at = start[first] as number; at < to; at++) {
      const cell = cells[at] as number
      totals[cell] = (totals[cell] as number) + 1
    }
  })
  return totals
}

type GoldCounts = { readonly counts: Float64Array; readonly classCounts: Float64Array }

export function goldCounts(index: RatingIndex, gold: Int32Array | null): GoldCounts | null {
  if (gold === null) return null
  const { items, raters, classes, start, cells } = index
  const counts = new Float64Array(raters * classes * classes)
  const classCounts = new Float64Array(classes)
  for (let i = 0; i < items; i++) {
    const known = gold[i] as number
    if (known < 0) continue
    classCounts[known] = (classCounts[known] as number) + 1
    for (let at = start[i] as number; at < (start[i + 1] as number); at++) {
      const place = (cells[at] as number) * classes + known
      counts[place] = (counts[place] as number) + 1
    }
  }
  return { counts, classCounts }
}

function addTo(to: Float64Array, what: Float64Array): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] as number) + (what[at] as number)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) if (a[at] !== 0) sum += (a[at] as number) * (b[at] as number)
  return sum
}
