/** Which items a pass looks at, as runs of neighbours: [from, to) pairs. */
import type { RatingIndex } from './rating-index.ts'

export type ItemRuns = {
  /** Items without gold whose ratings say something about raters. */
  readonly teaching: Int32Array
  /** All other items without gold. */
  readonly other: Int32Array
}

export function itemRuns(index: RatingIndex, gold: Int32Array | null): ItemRuns {
  const teaching: number[] = []
  const other: number[] = []
  const kindOf = (item: number) => (gold !== null && (gold[item] as number) >= 0 ? null : index.teaches[item])
  for (let item = 0; item < index.items; ) {
    const kind = kindOf(item)
    let to = item + 1
    while (to < index.items && kindOf(to) === kind) to += 1
    if (kind === 1) teaching.push(item, to)
    if (kind === 0) other.push(item, to)
    item = to
  }
  return { teaching: Int32Array.from(teaching), other: Int32Array.from(other) }
}

/** Calls `visit` with the bounds of each run. */
export function eachRun(runs: Int32Array, visit: (from: number, to: number) => void): void {
  for (let at = 0; at < runs.length; at += 2) visit(runs[at] as number, runs[at + 1] as number)
}
