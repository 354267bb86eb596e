/**
 * Question  How often does the gate promote or roll back falsely: over base rates, margins, judges, audit budgets and missing
 *           labels; when labels err; over a whole climb and a whole year? And would this study notice a broken gate?
 * World     gate-validity-world.ts, gate-validity-label-error.ts, gate-validity-climb.ts. Always at the boundary.
 * Size      4,000 runs of 5,000 pairs a cell; undecided cells go on to 20,000 runs; the six worst are run over 50,000 pairs.
 *           Chunks are kept in node_modules/.cache, so the study stops (--minutes) and goes on.
 * Answer    Tables. A rate passes when its upper bound (Clopper-Pearson, one-sided, 95 %) is at most 5.3 %.
 */
import { simulateClimbs, simulateYears } from './gate-validity-climb.ts'
import {
  CELLS,
  type CellState,
  lowerBound,
  RATE_MAX,
  undecided,
  upperBound,
  workOnGrid,
} from './gate-validity-grid.ts'
import { LABEL_CANDIDATES, LABEL_MODES, simulateLabels } from './gate-validity-label-error.ts'
import { type Cell, FAULTS, type Fault, simulateCell, type Tally } from './gate-validity-world.ts'

const SEED = 20_260_702
const NOMINAL = 0.05

export type Size = {
  /** Runs of one cell of the grid, and where undecided ones go on to. */
  readonly runs: number
  readonly runsMost: number
  readonly pairs: number
  readonly pairsLong: number
  /** Runs of the cells beside the grid. */
  readonly sideRuns: number
}

export const FULL: Size = {
  runs: 4_000,
  runsMost: 20_000,
  pairs: 5_000,
  pairsLong: 50_000,
  sideRuns: 4_000,
}
export const SHORT: Size = { runs: 500, runsMost: 500, pairs: 500, pairsLong: 500, sideRuns: 200 }

export function gateValidity(
  size: Size,
  work: {
    readonly path: string
    readonly until: () => boolean
    readonly print: (line: string) => void
  },
): string {
  const first = workOnGrid({ ...work, cells: CELLS, runs: size.runs, pairs: size.pairs })
  const escalated = workOnGrid({ ...work, cells: undecided(first), runs: size.runsMost, pairs: size.pairs })
  const states = first.map((state) => escalated.find(({ cell }) => cell === state.cell) ?? state)
  const worst = [...states].sort((a, b) => rateOf(b) - rateOf(a)).slice(0, 6)
  const long = workOnGrid({
    ...work,
    cells: worst.map(({ cell }) => cell),
    runs: size.runs,
    pairs: size.pairsLong,
  })
  return [summary(states), gridTable(states), missingTable(states), longTable(long)].join('\n\n')
}

/** What stands beside the grid: planted faults, labels that err, a whole climb and a whole year. */
export function gateValidityBeside(size: Size): string {
  return [faultTable(size), labelTable(size), climbTable(size)].join('\n\n')
}

/** Faults planted in the gate, each beside the same world without it. */
export function faultRates(
  runs: number,
  pairs: number,
): readonly { fault: Fault; sound: Tally; broken: Tally }[] {
  return FAULTS.map((fault, index) => {
    const cell = WORLD_OF_FAULT[fault]
    return {
      fault,
      sound: simulateCell(cell, { runs, pairs }, SEED + index),
      broken: simulateCell(cell, { runs, pairs }, SEED + index, fault),
    }
  })
}

const PEOPLE: Cell = { base: 0.1, delta: 0.05, judge: null, budget: 1, missing: 0 }
const WORLD_OF_FAULT: Readonly<Record<Fault, Cell>> = {
  'stake peeks at the label': PEOPLE,
  'order of arrival': PEOPLE,
  'restarts on failure': PEOPLE,
  'wrong probability': { base: 0.3, delta: 0.05, judge: 0.7, budget: 0.5, missing: 0 },
  'same imputation in both': { ...PEOPLE, missing: 0.05 },
}

function faultTable({ sideRuns, pairs }: Size): string {
  const rows = faultRates(Math.min(sideRuns, 1000), Math.min(pairs, 2000)).map(({ fault, sound, broken }) => {
    const hits = (tally: Tally) => (fault === 'same imputation in both' ? tally.rolledBack : tally.promoted)
    const what = fault === 'same imputation in both' ? 'rollback' : 'promotion'
    return `| ${fault} | ${what} | ${percent(hits(sound) / sound.runs)} | ${percent(hits(broken) / broken.runs)} |`
  })
  const labels = simulateLabels('none', 'honest, at the margin', { runs: sideRuns, pairs }, SEED + 50)
  const known = simulateLabels('J known', 'honest, at the margin', { runs: sideRuns, pairs }, SEED + 50)
  return [
    'Planted faults (nominal 5 %): each must show.',
    '',
    '| fault | false | without it | with it |',
    '|---|---|---|---|',
    ...rows,
    `| margin not scaled by J | promotion | ${percent(finiteShare(known))} | ${percent(finiteShare(labels))} |`,
  ].join('\n')
}

function labelTable({ sideRuns, pairs }: Size): string {
  const rows = LABEL_CANDIDATES.flatMap((candidate, row) =>
    LABEL_MODES.map((mode, column) => {
      const runs = candidate === 'honest, better' ? Math.ceil(sideRuns / 4) : sideRuns
      const ends = simulateLabels(mode, candidate, { runs, pairs }, SEED + 100 + 10 * row + column)
      const promoted = ends.filter(Number.isFinite).length
      const median = [...ends].sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.POSITIVE_INFINITY
      return `| ${candidate} | ${mode} | ${runs} | ${percent(promoted / runs)} | ${percent(upperBound(promoted, runs))} | ${Number.isFinite(median) ? median : '–'} |`
    }),
  )
  return [
    'Labels that err (85 % of faults found, 98 % of sound passed; 60 % found where the candidate hides them).',
    '',
    '| candidate | label error | runs | promoted | upper bound | pairs, median |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function climbTable({ sideRuns }: Size): string {
  const runs = Math.ceil(sideRuns / 2)
  const years = Math.ceil(sideRuns / 4)
  const climb = simulateClimbs(runs, SEED + 200)
  const restarted = simulateClimbs(runs, SEED + 201, true)
  const shrunk = simulateYears(years, 50, SEED + 202, true)
  const whole = simulateYears(years, 50, SEED + 203, false)
  const bound = (rate: number, count: number) => percent(upperBound(Math.round(rate * count), count))
  const row = (name: string, rate: number, count: number) =>
    `| ${name} | ${count} | ${percent(rate)} | ${bound(rate, count)} |`
  return [
    'A candidate worse by exactly the margin, over a whole climb (six stages, three climbs of four tries) and a year of fifty.',
    '',
    '| what | runs | rate | upper bound |',
    '|---|---|---|---|',
    row('climb: left the bottom stage', climb.leftBottom / runs, runs),
    row('climb: reached the top', climb.reachedTop / runs, runs),
    row(
      'climb with evidence started anew at each try (fault): left the bottom',
      restarted.leftBottom / runs,
      runs,
    ),
    row('year of 50, alpha shared (shrink): any promoted', shrunk, years),
    row('year of 50, whole alpha each (fault): any promoted', whole, years),
  ].join('\n')
}

function summary(states: readonly CellState[]): string {
  const hits = ({ tally }: CellState) => [tally.promoted, tally.rolledBack]
  const fine = states.filter((state) =>
    hits(state).every((count) => upperBound(count, state.tally.runs) <= RATE_MAX),
  )
  const bad = states.filter((state) =>
    hits(state).some((count) => lowerBound(count, state.tally.runs) > NOMINAL),
  )
  const seconds = states.reduce((sum, state) => sum + state.seconds, 0)
  const runs = states.map(({ tally }) => tally.runs)
  const worst = Math.max(0, ...states.map(rateOf))
  return [
    `${states.length} of ${CELLS.length} cells, ${Math.min(...runs)} to ${Math.max(...runs)} runs each so far (${FULL.runs} are the aim), ${Math.round(seconds / 60)} processor minutes.`,
    `${fine.length} cells have both upper bounds at most ${percent(RATE_MAX)}; ${states.length - fine.length - bad.length} are undecided at this number of runs; ${bad.length} have a lower bound above 5 %.`,
    `Highest rate of all: ${percent(worst)}.`,
  ].join(' ')
}

function gridTable(states: readonly CellState[]): string {
  const judged = states.filter(({ cell }) => cell.judge !== null)
  const rows = new Map<string, string[]>()
  for (const { cell, tally } of judged) {
    const name = `| ${percent(cell.base)} | ${percent(cell.delta)} | ${cell.judge === 'adversarial' ? 'hides failures' : percent(Number(cell.judge))} |`
    rows.set(name, [
      ...(rows.get(name) ?? []),
      `${cell.budget * 100} %: ${rates(tally.promoted, tally.runs)} and ${rates(tally.rolledBack, tally.runs)}`,
    ])
  }
  return [
    'False promotion and false rollback with a judge, by share of episodes that people label (upper bound in brackets).',
    '',
    '| baseline fails | margin | judge right | promotion and rollback |',
    '|---|---|---|---|',
    ...[...rows].map(([name, cells]) => `${name} ${cells.join('; ')} |`),
  ].join('\n')
}

function missingTable(states: readonly CellState[]): string {
  return [
    'People label everything; a share of the labels is missing, mostly of failures.',
    '',
    '| baseline fails | margin | missing | runs | false promotion | false rollback |',
    '|---|---|---|---|---|---|',
    ...states
      .filter(({ cell }) => cell.judge === null)
      .map(
        ({ cell, tally }) =>
          `| ${percent(cell.base)} | ${percent(cell.delta)} | ${percent(cell.missing)} | ${tally.runs} | ${rates(tally.promoted, tally.runs)} | ${rates(tally.rolledBack, tally.runs)} |`,
      ),
  ].join('\n')
}

function longTable(states: readonly CellState[]): string {
  if (states.length === 0) return 'The worst cells over 50,000 pairs: not run yet.'
  return [
    'The worst cells over 50,000 pairs.',
    '',
    '| baseline fails | margin | judge | people label | runs | false promotion | false rollback |',
    '|---|---|---|---|---|---|---|',
    ...states.map(
      ({ cell, tally }) =>
        `| ${percent(cell.base)} | ${percent(cell.delta)} | ${cell.judge ?? 'none'} | ${percent(cell.budget)} | ${tally.runs} | ${rates(tally.promoted, tally.runs)} | ${rates(tally.rolledBack, tally.runs)} |`,
    ),
  ].join('\n')
}

function rateOf({ tally }: CellState): number {
  return Math.max(tally.promoted, tally.rolledBack) / tally.runs
}

function rates(hits: number, runs: number): string {
  return `${percent(hits / runs)} (${percent(upperBound(hits, runs))})`
}

function finiteShare(ends: readonly number[]): number {
  return ends.filter(Number.isFinite).length / ends.length
}

function percent(rate: number): string {
  return `${Math.round(rate * 1000) / 10} %`
}
