/**
 * How often one policy is preferred to another, a tie being half a preference for each.
 *
 * Estimand    the mean over units of the probability that an answer prefers it. Which side it stood on was drawn at
 *             random, so that a taste for one side widens the interval and does not move the mean.
 * Interval    Wilson's, with the number of answers that independent ones would need for the same variance; the variance is
 *             summed over units, and over raters where there are two or more, the larger taken, with factor G / (G - 1) and
 *             Student's t. With fewer than RATERS_MIN raters it speaks of these raters only (sandwich.ts).
 * Degenerate  no answers, or all about one unit: insufficient. Answers that never vary: as many independent ones as units.
 * Cost        O(answers).
 * Source      Wilson 1927; Korn and Graubard 1998 (effective sample size); Cameron and Miller 2015 (few clusters).
 * Evidence    preference-report.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { studentQuantile } from '../numeric/student-t.ts'
import { RATERS_MIN } from './sandwich.ts'

export type Preference = {
  readonly unit: string
  readonly rater: string
  /** 1: it was preferred; 0: the other one; 0.5: neither. */
  readonly outcome: number
}

export function preferenceShare(
  preferences: readonly Preference[],
  alpha: number,
): IntervalEstimate | Insufficient {
  const ofUnit = new Map<string, { answers: number; sum: number }>()
  for (const { unit, outcome } of preferences) {
    const { answers, sum } = ofUnit.get(unit) ?? { answers: 0, sum: 0 }
    ofUnit.set(unit, { answers: answers + 1, sum: sum + outcome })
  }
  const units = ofUnit.size
  if (preferences.length === 0) return insufficient('nobody has compared them yet')
  if (units < 2) return insufficient('all answers are about one unit')
  const mean = [...ofUnit.values()].reduce((all, { answers, sum }) => all + sum / answers, 0) / units
  const weighted = preferences.map((one) => ({
    ...one,
    weight: 1 / (units * (ofUnit.get(one.unit)?.answers ?? 1)),
  }))
  const varianceBy = (cluster: (one: Preference) => string): number => {
    const sums = new Map<string, number>()
    for (const one of weighted)
      sums.set(cluster(one), (sums.get(cluster(one)) ?? 0) + one.weight * (one.outcome - mean))
    const squares = [...sums.values()].reduce((sum, deviation) => sum + deviation ** 2, 0)
    return (squares * sums.size) / (sums.size - 1)
  }
  const raters = new Set(preferences.map(({ rater }) => rater)).size
  const variance = Math.max(
    varianceBy(({ unit }) => unit),
    raters > 1 ? varianceBy(({ rater }) => rater) : 0,
  )
  const degrees = (raters < RATERS_MIN ? units : Math.min(units, raters)) - 1
  const spread = mean * (1 - mean)
  const independent = spread > 0 && variance > 1e-12 ? Math.min(preferences.length, spread / variance) : units
  return {
    kind: 'estimate',
    value: mean,
    interval: { ...wilson(mean, independent, studentQuantile(1 - alpha / 2, degrees)), level: 1 - alpha },
  }
}

function wilson(mean: number, answers: number, quantile: number) {
  const square = quantile ** 2 / answers
  const middle = (mean + square / 2) / (1 + square)
  const reach = (Math.sqrt((mean * (1 - mean)) / answers + square / (4 * answers)) * quantile) / (1 + square)
  return { kind: 'interval' as const, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}
