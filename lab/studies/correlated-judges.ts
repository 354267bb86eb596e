/**
 * Question  How often does a 95 % interval hold the accuracy of a panel whose judges err together?
 * World     Five judges answer 100 items; each is right with probability 0.8. With probability `shared` an item's judges all
 *           give the answer of one draw, so that `shared` is the correlation of two judges' errors. One world draws judges (3 to 8),
 *           accuracy (0.6 to 0.9), items (60 to 200) and correlation (0 to 0.8) anew in each run.
 * Naive     takes all answers for independent. Oracle: knows accuracy and correlation, and so the law of the mean.
 * Answer    Coverage of both and of ours, which draws whole items and whole judges. Fails where ours covers less than 93 % at any
 *           of the four correlations.
 * Loses     Ten items: there are too few to draw whole ones from.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { armAccuracy } from '@leeway/core/studies/compare-arms'
import type { Judgment } from '@leeway/core/studies/judgment'
import { percent } from './percent.ts'

const SEED = 20_261_123

type Panel = {
  readonly judges: number
  readonly items: number
  readonly accuracy: number
  readonly shared: number
}
type World = { readonly name: string; readonly panel: (random: () => number) => Panel }

const fixed = (shared: number, items: number): World => ({
  name: items === 100 ? `correlation ${shared}` : `correlation ${shared}, ${items} items`,
  panel: () => ({ judges: 5, items, accuracy: 0.8, shared }),
})
const WORLDS: readonly World[] = [
  ...[0, 0.25, 0.5, 0.8].map((shared) => fixed(shared, 100)),
  {
    name: 'drawn in each run',
    panel: (random) => ({
      judges: 3 + Math.floor(6 * random()),
      items: 60 + Math.floor(141 * random()),
      accuracy: 0.6 + 0.3 * random(),
      shared: 0.8 * random(),
    }),
  },
  fixed(0.8, 10),
]

export type CoverageRow = {
  readonly world: string
  readonly runs: number
  readonly naive: number
  readonly ours: number
  readonly oracle: number
}

export function correlatedJudges(runs: number): readonly CoverageRow[] {
  return WORLDS.map((world, cell) => {
    const random = seededRandom(SEED + cell)
    const held = { naive: 0, ours: 0, oracle: 0 }
    for (let run = 0; run < runs; run++) {
      const panel = world.panel(random)
      const { right, total, accuracy } = armAccuracy(draw(panel, random), 'panel', run)
      const rate = right / total
      const miss = Math.abs(rate - panel.accuracy)
      if (miss <= 1.96 * Math.sqrt((rate * (1 - rate)) / total)) held.naive += 1
      if (miss <= oracleHalf(panel)) held.oracle += 1
      const { interval } = accuracy
      if (interval.kind === 'interval' && interval.low <= panel.accuracy && panel.accuracy <= interval.high)
        held.ours += 1
    }
    const share = (count: number) => count / runs
    return {
      world: world.name,
      runs,
      naive: share(held.naive),
      ours: share(held.ours),
      oracle: share(held.oracle),
    }
  })
}

function oracleHalf({ judges, items, accuracy, shared }: Panel): number {
  return 1.96 * Math.sqrt(((accuracy * (1 - accuracy)) / (items * judges)) * (1 + (judges - 1) * shared))
}

export function judgesTable(rows: readonly CoverageRow[]): string {
  return [
    'Simulated judges.',
    '',
    '| world | runs | taken for independent | by item and judge | oracle |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ world, runs, naive, ours, oracle }) =>
        `| ${world} | ${runs} | ${percent(naive)} | ${percent(ours)} | ${percent(oracle)} |`,
    ),
  ].join('\n')
}

function draw({ judges, items, accuracy, shared }: Panel, random: () => number): readonly Judgment[] {
  return Array.from({ length: items }, (_, item) => {
    const common = random() < shared ? random() < accuracy : null
    return Array.from({ length: judges }, (_, judge): Judgment => {
      const right = common ?? random() < accuracy
      return { arm: 'panel', item: `i${item}`, rater: `j${judge}`, probabilities: [right ? 1 : 0] }
    })
  }).flat()
}
