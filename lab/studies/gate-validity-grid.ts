/** The cells of the null grid, and the work on them: in chunks that are kept, so that a run can stop and go on. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { rateAtLeast, rateAtMost } from './gate-validity-bound.ts'
import { type Cell, simulateCell, type Tally } from './gate-validity-world.ts'

const BASES = [0.01, 0.05, 0.1, 0.3] as const
const DELTAS = [0.01, 0.03, 0.05] as const
const JUDGES = [0.5, 0.7, 0.9, 0.99, 'adversarial'] as const
const BUDGETS = [0.05, 0.1, 0.5] as const
const MISSING = [0, 0.02, 0.05, 0.09] as const
const CHUNK_RUNS = 500
const SEED = 20_260_701

/** 48 cells that people label, 180 with a judge. */
export const CELLS: readonly Cell[] = BASES.flatMap((base) =>
  DELTAS.flatMap((delta): readonly Cell[] => [
    ...MISSING.map((missing) => ({ base, delta, judge: null, budget: 1, missing })),
    ...JUDGES.flatMap((judge) => BUDGETS.map((budget) => ({ base, delta, judge, budget, missing: 0 }))),
  ]),
)

/** A rate is fine when its upper bound is at most this; the bounds are one-sided, 95 %. */
export const RATE_MAX = 0.053
const BOUND_ALPHA = 0.05

export type CellState = {
  readonly cell: Cell
  readonly pairs: number
  readonly tally: Tally
  readonly seconds: number
}
type Kept = Record<string, { tally: Tally; seconds: number }>

export function keyOf(cell: Cell, pairs: number): string {
  return [cell.base, cell.delta, cell.judge ?? 'people', cell.budget, cell.missing, pairs].join(' ')
}

/** Breadth first: every cell gets its first chunk before any gets a second. Stops when `until` says so. */
export function workOnGrid(input: {
  readonly cells: readonly Cell[]
  readonly runs: number
  readonly pairs: number
  readonly path: string
  readonly until: () => boolean
  readonly print: (line: string) => void
}): readonly CellState[] {
  const { cells, runs, pairs, path, until, print } = input
  const kept = readKept(path)
  let done = 0
  for (let target = CHUNK_RUNS; target <= runs; target += CHUNK_RUNS) {
    for (const cell of cells) {
      const key = keyOf(cell, pairs)
      const state = kept[key] ?? { tally: { runs: 0, promoted: 0, rolledBack: 0 }, seconds: 0 }
      if (state.tally.runs >= target) continue
      if (until()) return statesOf(cells, pairs, kept)
      const before = process.cpuUsage()
      const chunk = simulateCell(cell, { runs: CHUNK_RUNS, pairs }, seedOf(key, target))
      const { user, system } = process.cpuUsage(before)
      kept[key] = { tally: added(state.tally, chunk), seconds: state.seconds + (user + system) / 1e6 }
      writeKept(path, kept)
      done += 1
      if (done === 12)
        print(`about ${minutes(kept, cells, pairs, runs)} processor minutes for ${cells.length} cells`)
    }
    print(`${cells.length} cells have ${target} runs of ${pairs} pairs`)
  }
  return statesOf(cells, pairs, kept)
}

/** Cells of which `runs` runs cannot say yet whether the rate is at most RATE_MAX. */
export function undecided(states: readonly CellState[]): readonly Cell[] {
  return states
    .filter(({ tally: { runs, promoted, rolledBack } }) =>
      [promoted, rolledBack].some(
        (hits) =>
          runs > 0 &&
          rateAtMost(hits, runs, BOUND_ALPHA) > RATE_MAX &&
          rateAtLeast(hits, runs, BOUND_ALPHA) <= RATE_MAX,
      ),
    )
    .map(({ cell }) => cell)
}

export function upperBound(hits: number, runs: number): number {
  return rateAtMost(hits, runs, BOUND_ALPHA)
}

export function lowerBound(hits: number, runs: number): number {
  return rateAtLeast(hits, runs, BOUND_ALPHA)
}

function statesOf(cells: readonly Cell[], pairs: number, kept: Kept): readonly CellState[] {
  return cells.flatMap((cell) => {
    const state = kept[keyOf(cell, pairs)]
    return state ? [{ cell, pairs, ...state }] : []
  })
}

function added(one: Tally, other: Tally): Tally {
  return {
    runs: one.runs + other.runs,
    promoted: one.promoted + other.promoted,
    rolledBack: one.rolledBack + other.rolledBack,
  }
}

function minutes(kept: Kept, cells: readonly Cell[], pairs: number, runs: number): number {
  const states = statesOf(cells, pairs, kept)
  const seconds = states.reduce((sum, state) => sum + state.seconds, 0)
  const simulated = states.reduce((sum, { tally }) => sum + tally.runs, 0)
  return Math.round(((seconds / simulated) * (runs * cells.length)) / 60)
}

/** FNV-1a of the cell and its chunk: seeds do not move when cells are added. */
function seedOf(key: string, chunk: number): number {
  let hash = 0x811c9dc5 ^ SEED
  for (const character of `${key} ${chunk}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash | 0
}

function readKept(path: string): Kept {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept
  } catch {
    return {}
  }
}

/** Written beside and moved over, so that a run that is killed leaves the last chunk whole. */
function writeKept(path: string, kept: Kept): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(kept))
  renameSync(`${path}.new`, path)
}
