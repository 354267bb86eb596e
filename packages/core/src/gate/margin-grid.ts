/**
 * E-processes over a fixed grid of margins, so that the margin in force may depend on a quality that is measured meanwhile.
 *
 * Tests       for each margin m of the grid, H0: the mean of the summand is m or more.
 * Guarantee   a margin counts as refuted when it and every larger one of the grid were. So with probability 1 - alpha no
 *             margin at or below the true mean is ever refuted: not even one chosen afterwards.
 * Grid        STEPS values a margin, from twice the margin below zero up to the margin itself.
 * Degenerate  nothing refuted: null.
 * Cost        O(values not yet refuted) per unit.
 */
import { type BetPrior, type BettingProcess, playUntil, startBetting } from '../sequential/betting-process.ts'
import type { Summand } from '../sequential/mean-bounds.ts'

/** Steps within one margin: rounding the margin in force down to the grid gives away at most a fortieth of it. */
const STEPS = 40
const BELOW = 2 * STEPS

export type MarginGrid = {
  readonly margin: number
  readonly logThreshold: number
  /** Index k stands for the margin times (k - BELOW) / STEPS. */
  readonly processes: (BettingProcess | null)[]
  /** Units read when each margin was refuted; 0 while it is not. */
  readonly refutedAt: Int32Array
  units: number
}

export function startMarginGrid(margin: number, alpha: number): MarginGrid {
  const size = BELOW + STEPS + 1
  return {
    margin,
    logThreshold: Math.log(1 / alpha),
    processes: Array.from({ length: size }, startBetting),
    refutedAt: new Int32Array(size),
    units: 0,
  }
}

export function playGrid(grid: MarginGrid, summand: Summand, prior: BetPrior): void {
  grid.units += 1
  for (const [k, process] of grid.processes.entries()) {
    if (process === null) continue
    const margin = marginAt(grid, k)
    const own = { ...prior, gap: Math.max(prior.gap + margin - grid.margin, 0) }
    if (playUntil(process, margin - summand.value, summand.max - margin, own, grid.logThreshold)) {
      grid.processes[k] = null
      grid.refutedAt[k] = grid.units
    }
  }
}

/** The smallest margin refuted together with all larger ones; null when not even the largest is. */
export function smallestRefuted(grid: MarginGrid): number | null {
  const open = grid.processes.findLastIndex((process) => process !== null)
  return open === grid.processes.length - 1 ? null : marginAt(grid, open + 1)
}

/** Units read when `margin` (rounded down to the grid) was refuted; null when it is not. Margins at or below 0 as well. */
export function refutedAfter(grid: MarginGrid, margin: number): number | null {
  const from = Math.floor((margin / grid.margin) * STEPS + 1e-9) + BELOW
  if (from < 0) return null
  let last = 0
  for (let k = Math.min(from, grid.processes.length - 1); k < grid.processes.length; k++) {
    const at = grid.refutedAt[k] ?? 0
    if (at === 0) return null
    last = Math.max(last, at)
  }
  return last
}

function marginAt(grid: MarginGrid, index: number): number {
  return (grid.margin * (index - BELOW)) / STEPS
}
