/**
 * Normalised log beliefs of every item, in double precision: tempering needs the tails that a kernel may round off.
 * Where one rater alone has rated an item, saying it again and again counts once.
 */
import type { RatingIndex } from './rating-index.ts'
import { clampGold } from './vote-shares.ts'

export function logBeliefsOf(
  { items, classes, start, cells, teaches }: RatingIndex,
  tables: Float64Array,
  logPrior: Float64Array,
  gold: Int32Array | null,
): Float64Array {
  const logs = new Float64Array(items * classes)
  const score = new Float64Array(classes)
  for (let i = 0; i < items; i++) {
    if (clampGold(logs, gold, i, classes)) continue
    score.set(logPrior)
    const from = start[i] as number
    const to = start[i + 1] as number
    const weight = teaches[i] === 1 ? 1 : 1 / (to - from)
    for (let at = from; at < to; at++) {
      const cell = (cells[at] as number) * classes
      for (let k = 0; k < classes; k++)
        score[k] = (score[k] as number) + weight * (tables[cell + k] as number)
    }
    normaliseLogs(score, 0, classes)
    logs.set(score, i * classes)
  }
  return logs
}

/** Subtracts log(sum(exp)) in place from `count` entries; returns what was subtracted. */
export function normaliseLogs(logs: Float64Array, from: number, count: number): number {
  let max = Number.NEGATIVE_INFINITY
  for (let k = from; k < from + count; k++) if ((logs[k] as number) > max) max = logs[k] as number
  let sum = 0
  for (let k = from; k < from + count; k++) sum += Math.exp((logs[k] as number) - max)
  const total = max + Math.log(sum)
  for (let k = from; k < from + count; k++) logs[k] = (logs[k] as number) - total
  return total
}
