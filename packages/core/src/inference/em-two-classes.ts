/**
 * One pass over a slice of items of two classes, as `emSlice` has it: log odds by cell, soft counts of class 1 by cell.
 *
 * Speed  The arrays are parameters and not fields: that keeps them in registers. Three short loops and ratings by four:
 *        the engine looks at each array again after every turn of a loop that writes. No branch asks for the sign of the
 *        odds: half of the items would be guessed wrong. (All measured: together they halve the time.)
 */
import { EXP_RANGE, expByTables } from '../numeric/exp-tables.ts'
import { BLOCK, PRODUCT_MAX } from './em-blocks.ts'

export function twoClasses(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  from: number,
  to: number,
  logPrior: Float64Array,
  logOdds: Float64Array,
  counts: Float64Array,
  classCounts: Float64Array,
  fractions: Float64Array,
  powers: Float64Array,
): number {
  const prior = (logPrior[1] as number) - (logPrior[0] as number)
  const block = new Float64Array(BLOCK)
  let log = (logPrior[0] as number) * (to - from)
  let product = 1
  let positive = 0
  for (let first = from; first < to; first += BLOCK) {
    const count = Math.min(BLOCK, to - first)
    sumOdds(start, cells, first, count, prior, logOdds, block)
    for (let i = 0; i < count; i++) {
      // log(1 + e^odds) = odds + log(1 + e^-odds), and where odds are below -EXP_RANGE it is 0 to the last digit.
      const odds = Math.max(block[i] as number, -EXP_RANGE)
      const total = 1 + expByTables(-Math.min(odds, EXP_RANGE), fractions, powers)
      log += odds
      product *= total
      if (product > PRODUCT_MAX) {
        log += Math.log(product)
        product = 1
      }
      const belief = 1 / total
      positive += belief
      block[i] = belief
    }
    addBeliefs(start, cells, first, count, block, counts)
  }
  classCounts[1] = (classCounts[1] as number) + positive
  classCounts[0] = (classCounts[0] as number) + (to - from - positive)
  return log + Math.log(product)
}

function sumOdds(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  first: number,
  count: number,
  prior: number,
  logOdds: Float64Array,
  block: Float64Array,
): void {
  let at = start[first] as number
  for (let i = 0; i < count; i++) {
    const end = start[first + i + 1] as number
    let odds = prior
    for (; at + 3 < end; at += 4)
      odds +=
        (logOdds[cells[at] as number] as number) +
        (logOdds[cells[at + 1] as number] as number) +
        ((logOdds[cells[at + 2] as number] as number) + (logOdds[cells[at + 3] as number] as number))
    for (; at < end; at++) odds += logOdds[cells[at] as number] as number
    block[i] = odds
  }
}

function addBeliefs(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  first: number,
  count: number,
  block: Float64Array,
  counts: Float64Array,
): void {
  let at = start[first] as number
  for (let i = 0; i < count; i++) {
    const end = start[first + i + 1] as number
    const belief = block[i] as number
    for (; at + 3 < end; at += 4) {
      const a = cells[at] as number
      const b = cells[at + 1] as number
      const c = cells[at + 2] as number
      const d = cells[at + 3] as number
      counts[a] = (counts[a] as number) + belief
      counts[b] = (counts[b] as number) + belief
      counts[c] = (counts[c] as number) + belief
      counts[d] = (counts[d] as number) + belief
    }
    for (; at < end; at++) {
      const cell = cells[at] as number
      counts[cell] = (counts[cell] as number) + belief
    }
  }
}
