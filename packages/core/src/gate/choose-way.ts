/**
 * Which way of looking at the episodes of one question tells most for the minutes it takes: what share of them goes to it, and what
 * to the others. A way is a group of raters, or a help.
 *
 * Model       a label of a way adds v to the variance of the gate's summand at one look and takes m minutes: least is v m
 *             (`labelVariance`, allocate-audits.ts). Rates and minutes are those of known answers; one more of each, right and wrong,
 *             stands beside them, so that nobody is perfect by luck.
 * Output      probabilities of one draw for every episode of the question, whatever is known of the episode. The choice reads nothing
 *             of an episode, so the labels of both arms and the known answers err alike: as the mixture does
 *             (docs/decisions/0013-who-looks.md).
 * Floor       the others keep `floor` together, in even parts: what is never drawn is never measured again.
 * Degenerate  ways with fewer than `KNOWN_MIN` known faults or as many known sound episodes, without minutes, or that tell
 *             nothing are not drawn. Insufficient where the first one, that which is in use, is among them: there is nothing to compare with.
 * Evidence    choose-way.test.ts; lab/studies/who-looks.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { labelVariance } from './allocate-audits.ts'

export type WayRecord<Name extends string> = {
  readonly name: Name
  /** Known failures answered, and how many of them were called so. */
  readonly faults: number
  readonly found: number
  /** Known successes answered, and how many of them were passed. */
  readonly sound: number
  readonly passed: number
  /** Of a person for one look; null: not measured. */
  readonly minutes: number | null
}

export type DrawnWay<Name extends string> = {
  readonly name: Name
  readonly probability: number
  /** v m of the way; null: too little is known of it. */
  readonly cost: number | null
}

export const KNOWN_MIN = 20

/** The first way is the one in use. `failure`: how often episodes of the question fail, in [0, 1]. */
export function chooseWay<Name extends string>(
  ways: readonly WayRecord<Name>[],
  failure: number,
  floor: number,
): { readonly kind: 'ways'; readonly ways: readonly DrawnWay<Name>[] } | Insufficient {
  if (!(floor >= 0 && floor < 1)) throw new RangeError(`expected a floor in [0, 1), not ${floor}`)
  const costs = ways.map((way) => costOf(way, failure))
  if (costs[0] == null)
    return insufficient(
      `fewer than ${KNOWN_MIN} known failures and successes were answered the way they are now`,
    )
  const measured = costs.flatMap((cost, at) => (cost === null ? [] : [{ at, cost }]))
  const best = measured.reduce((a, b) => (b.cost < a.cost ? b : a)).at
  const others = measured.length - 1
  return {
    kind: 'ways',
    ways: ways.map(({ name }, at) => {
      const cost = costs[at] ?? null
      const probability = cost === null ? 0 : at === best ? 1 - (others === 0 ? 0 : floor) : floor / others
      return { name, probability, cost }
    }),
  }
}

function costOf(way: WayRecord<string>, failure: number): number | null {
  const { faults, found, sound, passed, minutes } = way
  if (faults < KNOWN_MIN || sound < KNOWN_MIN || minutes === null || !(minutes > 0)) return null
  const rates = { sensitivity: (found + 1) / (faults + 2), specificity: (passed + 1) / (sound + 2) }
  return rates.sensitivity + rates.specificity > 1 ? labelVariance(failure, rates) * minutes : null
}
