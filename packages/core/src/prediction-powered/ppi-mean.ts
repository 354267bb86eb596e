/**
 * Prediction-powered mean: corrects cheap predictions of every unit by trusted labels of a random few.
 *
 * Estimates   E[Y], Y in [0, 1]: theta = tuning * mean(f of unlabelled) + mean(Y - tuning * f of labelled).
 * Assumes     labelled and unlabelled units are two random samples of one population (for labels asked for with
 *             known unequal probabilities see active-mean.ts).
 * Tuning      the one that minimises the variance, cov(Y, f) / ((1 + n/N) var(f)), cut to [0, 1]; so a bad judge costs
 *             nothing in the long run. 1 believes the judge fully, 0 is the mean of the labels.
 * Interval    normal, or Student's t below 60 labels. It is not to be trusted where it rests on a handful of events:
 *             fewer than EVENTS_MIN failures (or passes), or fewer than DISAGREEMENTS_MIN labels that differ from
 *             the judge while the judge is believed. There the betting interval takes over (betting-mean.ts).
 * Degenerate  fewer than 2 labels: insufficient. No unlabelled rows, or a constant judge: the mean of the labels.
 * Cost        O(n + N); with the handover O((n + N) + 400 n).
 * Source      Angelopoulos, Bates, Fannjiang, Jordan, Zrnic 2023 (Science 382:669); Angelopoulos, Duchi, Zrnic 2023
 *             (arXiv 2311.01453, section 6). Symbols: lambda = tuning.
 * Evidence    prediction-powered.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { bettingMean, shuffledForBetting } from './betting-mean.ts'
import type { JudgedRow } from './judged-row.ts'
import { asymptoticInterval, type MeanEstimate, meanOf, varianceFor } from './mean-estimate.ts'

export type PpiOptions = {
  /** Probability that the interval misses; in (0, 1). */
  readonly alpha: number
  /** How far to believe the judge, 0 to 1, or `best`. */
  readonly tuning: number | 'best'
}

/** Failures, and passes, below which the normal approximation of a rate is not used. */
export const EVENTS_MIN = 10

/** Sum of |Y - f| over the labels below which "the judge is right" has hardly been tested. */
const DISAGREEMENTS_MIN = 3

export function ppiMean(rows: readonly JudgedRow[], options: PpiOptions): MeanEstimate | Insufficient {
  const human: number[] = []
  const judged: number[] = []
  const others: number[] = []
  for (const row of rows) {
    if (row.human === null) others.push(row.judge)
    else {
      human.push(row.human)
      judged.push(row.judge)
    }
  }
  if (human.length < 2) return insufficient(`${human.length} labels are too few (at least 2)`)
  const tuning =
    others.length === 0 ? 0 : options.tuning === 'best' ? bestTuning(human, judged, others) : options.tuning
  const because = whyNotNormal(human, judged, tuning)
  if (because !== null) return bettingMean(shuffledForBetting(rows), options.alpha, because)
  const corrections = human.map((label, k) => label - tuning * (judged[k] as number))
  const predicted = tuning === 0 ? 0 : tuning * meanOf(others)
  const value = predicted + meanOf(corrections)
  const ofOthers = tuning === 0 ? 0 : (tuning ** 2 * varianceFor(human.length, others)) / others.length
  const standardError = Math.sqrt(ofOthers + varianceFor(human.length, corrections) / human.length)
  const { interval, degrees } = asymptoticInterval(value, standardError, human.length, options.alpha)
  return {
    kind: 'estimate',
    value: Math.min(1, Math.max(0, value)),
    interval,
    method: { name: tuning === 0 ? 'human' : 'prediction-powered', standardError, degrees, tuning },
  }
}

function bestTuning(human: readonly number[], judged: readonly number[], others: readonly number[]): number {
  const meanHuman = meanOf(human)
  const meanJudged = meanOf(judged)
  let covariance = 0
  human.forEach((label, k) => {
    covariance += (label - meanHuman) * ((judged[k] as number) - meanJudged)
  })
  covariance /= human.length
  const all = [...judged, ...others]
  const centre = meanOf(all)
  let variance = 0
  for (const prediction of all) variance += (prediction - centre) ** 2
  variance /= all.length - 1
  // A judge who says the same thing everywhere (up to rounding) explains nothing.
  if (variance < 1e-20) return 0
  return Math.min(1, Math.max(0, covariance / ((1 + human.length / others.length) * variance)))
}

function whyNotNormal(human: readonly number[], judged: readonly number[], tuning: number): string | null {
  const failures = human.reduce((sum, label) => sum + label, 0)
  const passes = human.length - failures
  if (failures < EVENTS_MIN)
    return `the labels hold ${round(failures)} failures; the normal interval needs ${EVENTS_MIN}`
  if (passes < EVENTS_MIN)
    return `the labels hold ${round(passes)} passes; the normal interval needs ${EVENTS_MIN}`
  if (new Set(human).size === 1) return 'every label is the same, so nothing shows how much they vary'
  const disagreements = human.reduce((sum, label, k) => sum + Math.abs(label - (judged[k] as number)), 0)
  if (tuning > 0 && disagreements < DISAGREEMENTS_MIN)
    return `only ${round(disagreements)} labels differ from the judge, so its errors are hardly known`
  return null
}

function round(count: number): string {
  return String(Math.round(count * 10) / 10)
}
