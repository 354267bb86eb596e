/**
 * Question  Does what `power` shows hold off its sixteen designs: how near the gate is to what is possible, and the forecast?
 * World     Designs drawn: baseline fails on 4 to 30 %, margin 2 to 8 points, candidate between as bad and two thirds as bad; in
 *           every other one a judge right in 70 to 95 % chooses which episodes people label. The rest is as in power.ts.
 * Oracle    As there, where people label everything.
 * Naive     Labelling everything where there is a judge: of its labels, how many the choice takes.
 * Loses     A judge right in hardly more than 70 %: the planner then has everything labelled, or little is saved.
 * Answer    A row a design, in the order of the baseline.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import type { Design } from '@leeway/core/planner/summand-law'
import { percent } from './percent.ts'
import { type Measured, measureDesign, oraclePairs } from './power.ts'

const SEED = 20_260_901
const ALPHA = 0.05

export type DrawnRow = Measured & {
  readonly design: Design
  readonly margin: number
  /** Mean labels of the oracle; null with a judge. */
  readonly oracle: number | null
  /** Median labels where people label everything; null without a judge. */
  readonly naive: number | null
}

export function powerDrawn(
  size: { readonly designs: number; readonly runs: number; readonly forecastRuns: number },
  only: (drawn: Drawn) => boolean = () => true,
): readonly DrawnRow[] {
  const random = seededRandom(SEED)
  const drawn = Array.from({ length: size.designs }, (_, at) => ({ at, ...drawDesign(at % 2 === 1, random) }))
  const asked = drawn.filter(only)
  const rows = asked.map(({ at, design, margin }): DrawnRow => {
    const sizeOf = (seed: number) => ({ ...size, seed, forecastSeed: SEED + 2000 + at })
    const judged = design.judgeAccuracy !== null
    const pairs = oraclePairs(design.candidateFailure, design.baselineFailure, margin, ALPHA)
    return {
      ...measureDesign(design, margin, sizeOf(SEED + 10 * (at + 1))),
      design,
      margin,
      oracle: judged ? null : Math.round(2 * pairs),
      naive: judged
        ? measureDesign({ ...design, judgeAccuracy: null }, margin, sizeOf(SEED + 10 * (at + 1) + 1)).labels
        : null,
    }
  })
  return rows.sort((a, b) => a.design.baselineFailure - b.design.baselineFailure)
}

type Drawn = { readonly design: Design; readonly margin: number }

function drawDesign(judged: boolean, random: () => number): Drawn {
  const baselineFailure = 0.04 + 0.26 * random()
  const candidateFailure = baselineFailure * (2 / 3 + random() / 3)
  const margin = 0.02 + 0.06 * random()
  const accuracy = 0.7 + 0.25 * random()
  const design = {
    candidateFailure,
    baselineFailure,
    judgeAccuracy: judged ? accuracy : null,
    budget: 0.1,
    labelError: null,
    identicalShare: 0,
  }
  return { design, margin }
}

export function powerDrawnTable(rows: readonly DrawnRow[]): string {
  const ratio = (of: number | null, to: number | null) =>
    of === null || to === null || to === 0 ? null : of / to
  const shown = (share: number | null) => (share === null ? '–' : share.toFixed(2))
  const off = (row: DrawnRow) => ratio(row.forecastPairs, row.pairs)
  const range = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b)
    return known.length === 0
      ? 'not known'
      : `${shown(known[0] ?? null)} to ${shown(known.at(-1) ?? null)}, median ${shown(known[Math.floor(known.length / 2)] ?? null)}`
  }
  return [
    `Mean labels over the oracle's: ${range(rows.map((row) => ratio(row.labelsMean, row.oracle)))}. Labels with a judge over those without: ${range(rows.map((row) => ratio(row.labels, row.naive)))}. Foreseen over simulated: ${range(rows.map(off))}.`,
    '',
    '| baseline fails | candidate | margin | judge right | runs | labelled share | labels, median | mean | of the oracle’s | of labelling all | pairs, median | planner foresees | of it |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const { design, margin } = row
      return `| ${percent(design.baselineFailure)} | ${percent(design.candidateFailure)} | ${percent(margin)} | ${design.judgeAccuracy === null ? 'no judge' : percent(design.judgeAccuracy)} | ${row.runs} | ${row.budget ?? '–'} | ${row.labels ?? '–'} | ${row.labelsMean ?? '–'} | ${shown(ratio(row.labelsMean, row.oracle))} | ${shown(ratio(row.labels, row.naive))} | ${row.pairs ?? '–'} | ${row.forecastPairs ?? '–'} | ${shown(off(row))} |`
    }),
  ].join('\n')
}
