/**
 * Majority: each rating counts the same. The belief of a class is its share of the ratings of the item.
 *
 * Degenerate  an item without ratings believes every class alike. Gold items are clamped.
 * A class without a vote gets a small share (the weight of 0.01 ratings), so that no log is infinite.
 */
import type { RatingIndex } from './rating-index.ts'
import type { TruthFit } from './truth-method.ts'

const SHARE_FLOOR = 0.01

export function majority(index: RatingIndex, gold: Int32Array | null): TruthFit {
  const logBeliefs = voteShares(index, gold)
  return { method: 'majority', logBeliefs, objective: [], iterations: 0 }
}

function voteShares(index: RatingIndex, gold: Int32Array | null): Float64Array {
  const { items, classes, start, cells } = index
  const logs = new Float64Array(items * classes)
  for (let i = 0; i < items; i++) {
    const base = i * classes
    if (clampGold(logs, gold, i, classes)) continue
    const from = start[i] as number
    const to = start[i + 1] as number
    logs.fill(SHARE_FLOOR, base, base + classes)
    for (let at = from; at < to; at++) {
      const label = (cells[at] as number) % classes
      logs[base + label] = (logs[base + label] as number) + 1
    }
    const total = to - from + SHARE_FLOOR * classes
    for (let k = 0; k < classes; k++) logs[base + k] = Math.log((logs[base + k] as number) / total)
  }
  return logs
}

/** Writes certainty for a gold item and says whether it was one. */
export function clampGold(
  logs: Float64Array,
  gold: Int32Array | null,
  item: number,
  classes: number,
): boolean {
  const known = gold?.[item] ?? -1
  if (known < 0) return false
  logs.fill(Number.NEGATIVE_INFINITY, item * classes, (item + 1) * classes)
  logs[item * classes + known] = 0
  return true
}
