/**
 * What tells whether critiques help, in the study `critique-trade`: an arm drawn at random, and planted false critiques.
 */
import { playUnit, startBetting } from '@leeway/core/sequential/betting-process'
import { type ArmDifference, compareArms } from '@leeway/core/studies/compare-arms'
import type { Judgment } from '@leeway/core/studies/judgment'
import { type CritiqueWorld, drawItem, readItem } from './critique-world.ts'

const ITEMS = 150
const RATERS = 30
export const OVER_RELIANCE = 0.3
export const PLANTED_MAX = 100
const ALPHA = 0.05
/** A rater who accepts half of what is planted: what the bet is best against. */
const PRIOR = { gap: 0.2, variance: 0.25, weight: 10 }

/**
 * Each item is read by two raters. At random: one of them, by the draw, has critiques. Chosen: a rater asks for critiques on
 * seven in ten flawed items, which look suspicious, and three in ten others.
 */
export function runArms(
  world: CritiqueWorld,
  assignment: 'random' | 'chosen',
  seed: number,
  random: () => number,
): ArmDifference {
  const judgments: Judgment[] = []
  for (let at = 0; at < ITEMS; at++) {
    const item = drawItem(world, random)
    const first = Math.floor(random() * RATERS)
    const second = (first + 1 + Math.floor(random() * (RATERS - 1))) % RATERS
    const firstAssisted = random() < 0.5
    for (const rater of [first, second]) {
      const assisted =
        assignment === 'random'
          ? (rater === first) === firstAssisted
          : random() < (item.flaws.length > 0 ? 0.7 : 0.3)
      const { right } = readItem(world, item, { assisted, credulous: rater % 2 === 0 }, random)
      judgments.push({
        arm: assisted ? 'critiques' : 'unaided',
        item: `i${at}`,
        rater: `r${rater}`,
        probabilities: [right ? 1 : 0],
      })
    }
  }
  const difference = compareArms(judgments, ['critiques', 'unaided'], seed)
  if (difference.kind !== 'difference') throw new Error('an arm of the study is empty')
  return difference
}

/** The planted critique after which "no more than OVER_RELIANCE are accepted" is refuted, or null after PLANTED_MAX. */
export function plantedUntilFound(accepts: number, random: () => number): number | null {
  const process = startBetting()
  for (let planted = 1; planted <= PLANTED_MAX; planted++) {
    playUnit(process, (random() < accepts ? 1 : 0) - OVER_RELIANCE, OVER_RELIANCE, PRIOR)
    if (process.logWealth >= Math.log(1 / ALPHA)) return planted
  }
  return null
}

/** The same by a z-test after every planted critique from the tenth on, as if each look were the only one. */
export function plantedUntilPeeked(accepts: number, random: () => number): number | null {
  let accepted = 0
  for (let planted = 1; planted <= PLANTED_MAX; planted++) {
    if (random() < accepts) accepted += 1
    const error = Math.sqrt((OVER_RELIANCE * (1 - OVER_RELIANCE)) / planted)
    if (planted >= 10 && accepted / planted - OVER_RELIANCE > 1.645 * error) return planted
  }
  return null
}

/** The oracle of one look: whether a test that waits for all PLANTED_MAX, and looks once, finds it. */
export function foundAtTheEnd(accepts: number, random: () => number): boolean {
  let accepted = 0
  for (let planted = 0; planted < PLANTED_MAX; planted++) if (random() < accepts) accepted += 1
  return accepted >= LEAST_TOO_MANY
}

/** The least count of PLANTED_MAX that OVER_RELIANCE reaches with probability ALPHA at most. */
const LEAST_TOO_MANY = leastTooMany()

function leastTooMany(): number {
  let tail = 0
  let term = OVER_RELIANCE ** PLANTED_MAX
  let count = PLANTED_MAX
  while (tail + term <= ALPHA) {
    tail += term
    term *= (count * (1 - OVER_RELIANCE)) / ((PLANTED_MAX - count + 1) * OVER_RELIANCE)
    count -= 1
  }
  return count + 1
}
