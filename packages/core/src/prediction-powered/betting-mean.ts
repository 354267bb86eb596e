/**
 * The same corrected mean with an interval that holds for any number of labels, and at every look.
 *
 * Estimates   E[Y] in [0, 1], by Z_t = tuning_t * mean(f of the unlabelled rows since the last label) + Y_t - tuning_t * f_t.
 * Assumes     rows are independent draws of one population in the order given, and which rows are labelled does not
 *             depend on their outcome.
 * Tuning      a shrunken regression on earlier labels only, so that the mean of Z_t given the past is E[Y] whatever
 *             the judge does. Z_t lies in [-tuning, 1 + tuning], known before it is seen.
 * Interval    betting bounds (rate-bounds.ts), alpha / 2 for each end.
 * Degenerate  no labels: insufficient.
 * Cost        O(rows) and at most 1,203 values times two processes for each label.
 * Source      Waudby-Smith and Ramdas 2024 (arXiv 2010.09686); Csillag et al. 2025 (arXiv 2502.04294).
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import type { JudgedRow, SampledRow } from './judged-row.ts'
import type { MeanEstimate } from './mean-estimate.ts'
import { boundRate, readRateBounds, startRateBounds } from './rate-bounds.ts'

/** More rows than this are averaged in blocks of equal size: still unbiased, wider, and done in seconds. */
const SUMMANDS_MAX = 20_000

/** Labels' worth of "the judge knows nothing" in the tuning. */
const TUNING_WEIGHT = 5

export function bettingMean(
  rows: readonly JudgedRow[],
  alpha: number,
  because: string | null,
): MeanEstimate | Insufficient {
  const bounds = startRateBounds(alpha)
  const past = startRegression()
  let waiting = 0
  let waitingSum = 0
  let labels = 0
  let sum = 0
  for (const { human, judge } of rows) {
    if (human === null) {
      waiting += 1
      waitingSum += judge
      continue
    }
    const tuning = waiting === 0 ? 0 : (slope(past) * waiting) / (waiting + 1)
    const value = (waiting === 0 ? 0 : (tuning * waitingSum) / waiting) + human - tuning * judge
    const summand = { value, min: -tuning, max: 1 + tuning }
    boundRate(bounds, summand)
    learn(past, human, judge)
    labels += 1
    sum += value
    waiting = 0
    waitingSum = 0
  }
  if (labels === 0) return insufficient('no row has a human label')
  return estimateOf(sum / labels, readRateBounds(bounds), alpha, because)
}

/**
 * The mean of f + (Y - f) * asked / probability, by bets. The stake must not know the row it is placed on, so one floor
 * of the probability bounds every row: it has to come from the design, not from what the draws happened to be.
 */
export function bettingActiveMean(
  rows: readonly SampledRow[],
  alpha: number,
  because: string | null,
): MeanEstimate | Insufficient {
  const floor = rows.reduce((least, row) => Math.min(least, row.probability), 1)
  const bounds = startRateBounds(alpha)
  const size = Math.ceil(rows.length / SUMMANDS_MAX)
  let sum = 0
  for (let from = 0; from < rows.length; from += size) {
    const block = rows.slice(from, from + size)
    const total = block.reduce((all, row) => all + activeSummand(row), 0)
    boundRate(bounds, { value: total / block.length, min: 1 - 1 / floor, max: 1 / floor })
    sum += total
  }
  if (rows.every((row) => row.human === null)) return insufficient('no row has a human label')
  return estimateOf(sum / rows.length, readRateBounds(bounds), alpha, because)
}

/** f + (Y - f) / probability where the label was asked for, f elsewhere: its mean is E[Y] whatever the judge says. */
export function activeSummand({ human, judge, probability }: SampledRow): number {
  return human === null ? judge : judge + (human - judge) / probability
}

/**
 * Rows in an order that depends on their content and a fixed seed only, unlabelled ones spread evenly before the
 * labelled: bets read an order, and a file's own order should not change what a fixed sample says.
 */
export function shuffledForBetting<Row extends JudgedRow>(rows: readonly Row[]): readonly Row[] {
  const key = (row: Row): string => `${row.judge} ${row.human} ${'probability' in row ? row.probability : ''}`
  const sorted = rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)
  const random = seededRandom(1)
  for (let last = sorted.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1))
    ;[sorted[last], sorted[at]] = [sorted[at] as Row, sorted[last] as Row]
  }
  const labelled = sorted.filter((row) => row.human !== null)
  const others = sorted.filter((row) => row.human === null)
  return labelled.flatMap((row, k) => [
    ...others.slice(
      Math.floor((k * others.length) / labelled.length),
      Math.floor(((k + 1) * others.length) / labelled.length),
    ),
    row,
  ])
}

function estimateOf(
  mean: number,
  bounds: { readonly low: number; readonly high: number },
  alpha: number,
  because: string | null,
): MeanEstimate {
  return {
    kind: 'estimate',
    value: Math.min(1, Math.max(0, mean)),
    interval: { kind: 'interval', ...bounds, level: 1 - alpha },
    method: { name: 'betting', because },
  }
}

type Regression = { labels: number; human: number; judge: number; product: number; squares: number }

function startRegression(): Regression {
  return { labels: 0, human: 0, judge: 0, product: 0, squares: 0 }
}

function learn(past: Regression, human: number, judge: number): void {
  past.labels += 1
  past.human += human
  past.judge += judge
  past.product += human * judge
  past.squares += judge * judge
}

/** cov(Y, f) / var(f) of the past with TUNING_WEIGHT labels of spread 1/4 and no covariance added; in [0, 1]. */
function slope({ labels, human, judge, product, squares }: Regression): number {
  if (labels === 0) return 0
  const covariance = product - (human * judge) / labels
  const variance = squares - (judge * judge) / labels + TUNING_WEIGHT * 0.25
  return Math.min(1, Math.max(0, covariance / variance))
}
