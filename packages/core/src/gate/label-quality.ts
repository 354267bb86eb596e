/**
 * How good labels are, with bounds that hold at every look at the gold.
 *
 * Estimates   sensitivity = P(labelled failed | failed), specificity = P(labelled passed | sound), and
 *             informedness J = sensitivity + specificity - 1: the factor by which label error shrinks a difference.
 * Method      anytime upper bounds of the miss rate and the false-alarm rate, half the error each for J. Multiplying their
 *             evidence instead was tried and gains nothing: both mixtures pay their own price.
 * Assumes     gold items are drawn at random from what the labels will meet, and each rate is constant.
 * Output      `low` bounds hold with probability 1 - alpha each (not together); estimates are null without items.
 * Degenerate  no faults or no sound items: the bound of J is 0 or below, so nothing can be concluded.
 * Cost        O(1): four bisections.
 * Source      Youden 1950 (J); Ville 1939 (bounds); sequential/rate-bound.ts.
 * Evidence    gate/label-error.test.ts
 */
import { rateUpperBound } from '../sequential/rate-bound.ts'
import type { GoldCounts } from './label-error-plan.ts'

export type BoundedRate = { readonly estimate: number | null; readonly low: number }
export type LabelQuality = {
  readonly sensitivity: BoundedRate
  readonly specificity: BoundedRate
  readonly informedness: BoundedRate
}

export function labelQuality(gold: GoldCounts, alpha: number): LabelQuality {
  const { faults, found, sound, passed } = gold
  if (!(found >= 0 && found <= faults && passed >= 0 && passed <= sound))
    throw new RangeError(`gold ${found} of ${faults}, ${passed} of ${sound} is no count`)
  const missMax = rateUpperBound(faults - found, faults, alpha / 2)
  const alarmMax = rateUpperBound(sound - passed, sound, alpha / 2)
  const sensitivity = boundedRate(found, faults, alpha)
  const specificity = boundedRate(passed, sound, alpha)
  return {
    sensitivity,
    specificity,
    informedness: {
      estimate:
        sensitivity.estimate === null || specificity.estimate === null
          ? null
          : sensitivity.estimate + specificity.estimate - 1,
      low: faults === 0 || sound === 0 ? -1 : 1 - missMax - alarmMax,
    },
  }
}

function boundedRate(hits: number, trials: number, alpha: number): BoundedRate {
  return {
    estimate: trials === 0 ? null : hits / trials,
    low: 1 - rateUpperBound(trials - hits, trials, alpha),
  }
}
