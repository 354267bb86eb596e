/**
 * A whole pass of expectation maximisation as slices of items that do not know of each other. Each slice counts into
 * memory of its own and the counts are added in the order of the slices, so the sums are the same to the last bit
 * whoever runs the slices, and how many run at once.
 */
import { emSlice } from './em-slice.ts'
import type { Allocate, RatingIndex } from './rating-index.ts'

/** Numbers only, in typed arrays: a plan can be handed to another thread where its memory is shared. */
export type EmPlan = {
  readonly classes: number
  readonly slices: number
  readonly start: Int32Array
  readonly cells: Uint16Array | Int32Array
  /** Items of the pass, as [from, to) pairs in order. */
  readonly runs: Int32Array
  /** Slice s has the items of the runs within [bounds[s], bounds[s + 1]). */
  readonly bounds: Int32Array
  /** What `emSlice` reads: filled before each pass. */
  readonly tables: Float64Array
  readonly logPrior: Float64Array
  /** By slice: soft counts, counts of the classes, and the slice's part of the objective. */
  readonly sums: Float64Array
}

/** Runs every slice of the plan once; returns when all are done. */
export type RunSlices = (plan: EmPlan) => void

const SLICES = 8
/** Below, a slice would be over before another thread has heard of it. */
const RATINGS_FOR_SLICES = 1 << 17
/** Ratings for each number of a table: below, adding the tables of the slices would cost as much as the slices. */
const RATINGS_PER_CELL = 16

export function emPlan(
  { items, raters, classes, ratings, start, cells }: RatingIndex,
  runs: Int32Array,
  allocate: Allocate = (bytes) => new ArrayBuffer(bytes),
): EmPlan {
  const counts = raters * classes * (classes === 2 ? 1 : classes)
  const slices = ratings >= RATINGS_FOR_SLICES && counts * RATINGS_PER_CELL <= ratings ? SLICES : 1
  const doubles = (length: number) => new Float64Array(allocate(8 * length))
  const bounds = new Int32Array(allocate(4 * (slices + 1)))
  for (let item = 0, s = 1; s <= slices; s++) {
    while (item < items && (start[item] as number) < (ratings * s) / slices) item += 1
    bounds[s] = s === slices ? items : item
  }
  const own = new Int32Array(allocate(4 * runs.length))
  own.set(runs)
  return {
    classes,
    slices,
    start,
    cells,
    runs: own,
    bounds,
    tables: doubles(counts),
    logPrior: doubles(classes),
    sums: doubles(slices * (counts + classes + 1)),
  }
}

export const inThisThread: RunSlices = (plan) => {
  for (let slice = 0; slice < plan.slices; slice++) runSlice(plan, slice)
}

export function runSlice({ classes, start, cells, runs, bounds, ...plan }: EmPlan, slice: number): void {
  const { tables, logPrior } = plan
  const sums = sumsOf(plan, tables.length, classes, slice).fill(0)
  const counts = sums.subarray(0, tables.length)
  const classCounts = sums.subarray(tables.length, tables.length + classes)
  const first = bounds[slice] as number
  const last = bounds[slice + 1] as number
  let value = 0
  for (let at = 0; at < runs.length; at += 2) {
    const from = Math.max(first, runs[at] as number)
    const to = Math.min(last, runs[at + 1] as number)
    if (from < to)
      value += emSlice(classes, { start, cells, from, to, logPrior, tables, counts, classCounts })
  }
  sums[sums.length - 1] = value
}

/** Overwrites `counts` and `classCounts` with the sums of all slices; returns the sum of their objectives. */
export function addSlices(plan: EmPlan, counts: Float64Array, classCounts: Float64Array): number {
  counts.fill(0)
  classCounts.fill(0)
  let value = 0
  for (let slice = 0; slice < plan.slices; slice++) {
    const sums = sumsOf(plan, counts.length, plan.classes, slice)
    for (let at = 0; at < counts.length; at++) counts[at] = (counts[at] as number) + (sums[at] as number)
    for (let k = 0; k < plan.classes; k++)
      classCounts[k] = (classCounts[k] as number) + (sums[counts.length + k] as number)
    value += sums[sums.length - 1] as number
  }
  return value
}

function sumsOf(
  { sums }: { readonly sums: Float64Array },
  counts: number,
  classes: number,
  slice: number,
): Float64Array {
  const length = counts + classes + 1
  return sums.subarray(slice * length, (slice + 1) * length)
}
