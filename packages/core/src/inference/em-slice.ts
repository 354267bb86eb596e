/**
 * One pass of expectation maximisation over a slice of items: beliefs from log tables, and the soft counts that they
 * give, at once. Pure over its arguments, so slices can run beside each other with counts of their own.
 *
 * Shapes  `cells` rater * K + label. Two classes: `tables` holds log odds by cell, `counts` soft counts of class 1 by
 *         cell. K classes: tables and counts are [cell][K]. `classCounts` K entries; both kinds of counts are added to.
 * Error   with two and four classes e^x comes from tables (relative error 2e-13), and odds beyond e^300 count as e^300.
 * Returns the sum over items of log(sum over classes of exp(score)); with two classes relative to class 0.
 */
import { EXP_FRACTIONS, EXP_POWERS } from '../numeric/exp-tables.ts'
import { fourClasses } from './em-four-classes.ts'
import { twoClasses } from './em-two-classes.ts'

export type EmSlice = {
  readonly start: Int32Array
  readonly cells: Uint16Array | Int32Array
  readonly from: number
  readonly to: number
  readonly logPrior: Float64Array
  readonly tables: Float64Array
  readonly counts: Float64Array
  readonly classCounts: Float64Array
}

export function emSlice(classes: number, slice: EmSlice): number {
  const { start, cells, from, to, logPrior, tables, counts, classCounts } = slice
  if (classes === 2)
    return twoClasses(
      start,
      cells,
      from,
      to,
      logPrior,
      tables,
      counts,
      classCounts,
      EXP_FRACTIONS,
      EXP_POWERS,
    )
  if (classes === 4)
    return fourClasses(
      start,
      cells,
      from,
      to,
      logPrior,
      tables,
      counts,
      classCounts,
      EXP_FRACTIONS,
      EXP_POWERS,
    )
  return several(start, cells, from, to, classes, logPrior, tables, counts, classCounts)
}

function several(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  from: number,
  to: number,
  classes: number,
  logPrior: Float64Array,
  tables: Float64Array,
  counts: Float64Array,
  classCounts: Float64Array,
): number {
  const score = new Float64Array(classes)
  let log = 0
  for (let i = from; i < to; i++) {
    const begin = start[i] as number
    const end = start[i + 1] as number
    for (let k = 0; k < classes; k++) score[k] = logPrior[k] as number
    for (let at = begin; at < end; at++) {
      const cell = (cells[at] as number) * classes
      for (let k = 0; k < classes; k++) score[k] = (score[k] as number) + (tables[cell + k] as number)
    }
    let max = Number.NEGATIVE_INFINITY
    for (let k = 0; k < classes; k++) if ((score[k] as number) > max) max = score[k] as number
    let total = 0
    for (let k = 0; k < classes; k++) {
      const value = Math.exp((score[k] as number) - max)
      score[k] = value
      total += value
    }
    log += max + Math.log(total)
    for (let k = 0; k < classes; k++) {
      const belief = (score[k] as number) / total
      score[k] = belief
      classCounts[k] = (classCounts[k] as number) + belief
    }
    for (let at = begin; at < end; at++) {
      const cell = (cells[at] as number) * classes
      for (let k = 0; k < classes; k++) counts[cell + k] = (counts[cell + k] as number) + (score[k] as number)
    }
  }
  return log
}
