/**
 * Question  How often does a 95 % interval hold the accuracy of a panel whose judges err together?
 * World     Five judges answer 100 items; each is right with probability 0.8. With probability `shared` an item's judges all
 *           give the answer of one draw, so that `shared` is the correlation of two judges' errors.
 * Answer    Coverage of the interval that takes all 500 answers for independent, and of ours, which draws whole items and whole
 *           judges. Fails where ours covers less than 93 % at any correlation.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { armAccuracy } from '@leeway/core/studies/compare-arms'
import type { Judgment } from '@leeway/core/studies/judgment'

const JUDGES = 5
const ITEMS = 100
const ACCURACY = 0.8
const SHARED = [0, 0.25, 0.5, 0.8] as const
const SEED = 20_261_123

export type CoverageRow = {
  readonly shared: number
  readonly runs: number
  readonly naive: number
  readonly ours: number
}

export function correlatedJudges(runs: number): readonly CoverageRow[] {
  return SHARED.map((shared, cell) => {
    const random = seededRandom(SEED + cell)
    let naive = 0
    let ours = 0
    for (let run = 0; run < runs; run++) {
      const judgments = draw(shared, random)
      const { right, total, accuracy } = armAccuracy(judgments, 'panel', run)
      const rate = right / total
      const half = 1.96 * Math.sqrt((rate * (1 - rate)) / total)
      if (Math.abs(rate - ACCURACY) <= half) naive += 1
      const { interval } = accuracy
      if (interval.kind === 'interval' && interval.low <= ACCURACY && ACCURACY <= interval.high) ours += 1
    }
    return { shared, runs, naive: naive / runs, ours: ours / runs }
  })
}

export function judgesTable(rows: readonly CoverageRow[]): string {
  const percent = (rate: number) => `${(100 * rate).toFixed(1)} %`
  return [
    'Simulated judges.',
    '',
    '| correlation of errors | runs | taken for independent | by item and judge |',
    '|---|---|---|---|',
    ...rows.map(
      ({ shared, runs, naive, ours }) => `| ${shared} | ${runs} | ${percent(naive)} | ${percent(ours)} |`,
    ),
  ].join('\n')
}

function draw(shared: number, random: () => number): readonly Judgment[] {
  return Array.from({ length: ITEMS }, (_, item) => {
    const common = random() < shared ? random() < ACCURACY : null
    return Array.from({ length: JUDGES }, (_, judge): Judgment => {
      const right = common ?? random() < ACCURACY
      return { arm: 'panel', item: `i${item}`, rater: `j${judge}`, probabilities: [right ? 1 : 0] }
    })
  }).flat()
}
