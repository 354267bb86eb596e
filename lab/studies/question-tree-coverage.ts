/**
 * How often intervals of a tree's accuracy hold it, in the worlds of the study `question-tree`: ours from gold of each part, the
 * product of Jeffreys' posteriors of the parts, and the share of whole items counted right in every part.
 */
import type { Interval } from '@leeway/core/numeric/interval-estimate'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { leafAccuracy } from '@leeway/core/oversight/leaf-error'
import { type PartGold, splitAccuracyInterval } from '@leeway/core/oversight/split-accuracy-interval'
import { betaInterval } from '@leeway/core/raters/beta-interval'
import { errorFactors, RATERS, SHARED, type TreeWorld } from './question-tree-world.ts'

export const GOLD = 100
const LEVEL = 0.95

export type CoverageRow = {
  readonly world: string
  readonly parts: number
  readonly ours: number
  readonly partByPart: number
  readonly counted: number
}

export function coverageRow(world: TreeWorld, parts: number, runs: number, seed: number): CoverageRow {
  const random = seededRandom(seed)
  const held = { ours: 0, partByPart: 0, counted: 0 }
  for (let run = 0; run < runs; run++) {
    const raters = RATERS[Math.floor(random() * RATERS.length)] as number
    const shared = SHARED[Math.floor(random() * SHARED.length)] as number
    // From .7 to nearly 1, most of them high: raters whose parts are worth asking.
    const mistake = 0.3 * random() ** 2
    const panels = (hard: boolean) =>
      errorFactors(world, parts, hard).map((factor) =>
        leafAccuracy({ accuracy: 1 - factor * mistake, raters, shared }),
      )
    const [easy, hard] = [panels(false), panels(true)]
    const mixed = (ofEasy: number, ofHard: number) =>
      (1 - world.hardShare) * ofEasy + world.hardShare * ofHard
    const every = (panel: readonly number[]) => panel.reduce((product, one) => product * one, 1)
    const asked = mixed(every(easy), every(hard))
    const truth = (1 - world.missing) * asked
    const gold = easy.map(
      (one, part): PartGold => ({
        right: count(mixed(one, hard[part] as number), random),
        asked: GOLD,
      }),
    )
    const within = (interval: Interval) => interval.low <= truth && truth <= interval.high
    const { interval } = splitAccuracyInterval(gold, LEVEL)
    if (interval.kind === 'interval' && within(interval)) held.ours += 1
    if (within(partByPart(gold))) held.partByPart += 1
    const whole = splitAccuracyInterval([{ right: count(asked, random), asked: GOLD }], LEVEL).interval
    if (whole.kind === 'interval' && within(whole)) held.counted += 1
  }
  return {
    world: world.name,
    parts,
    ours: held.ours / runs,
    partByPart: held.partByPart / runs,
    counted: held.counted / runs,
  }
}

function count(rate: number, random: () => number): number {
  let right = 0
  for (let answer = 0; answer < GOLD; answer++) if (random() < rate) right += 1
  return right
}

/** What one would do without thinking of the product: Jeffreys' posterior of each part by itself. */
function partByPart(gold: readonly PartGold[]): Interval {
  let mean = 1
  let square = 1
  for (const { right, asked } of gold) {
    mean *= (right + 0.5) / (asked + 1)
    square *= ((right + 0.5) * (right + 1.5)) / ((asked + 1) * (asked + 2))
  }
  const answers = (mean * (1 - mean)) / (square - mean * mean) - 1
  return betaInterval(mean * answers, (1 - mean) * answers, LEVEL)
}
