/**
 * Whether stated probabilities are too sure, and what one number makes of them: log-odds times a slope.
 *
 * Fit         the slope of the best mean log score; scored on items it was not fitted on (FOLDS folds of items).
 * Output      mean log score (nats) and Brier score of the right answer as stated and as recalibrated, the gain with a 95 %
 *             interval over items, and the slope fitted on everything (below 1: too sure).
 * Clipped     probabilities to [0.001, 0.999], also as stated: a certainty that was wrong would cost infinitely much.
 * Degenerate  fewer than FOLDS items: insufficient.
 */
import { resampleClusters } from '../numeric/cluster-bootstrap.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { finalProbability, type Judgment } from './judgment.ts'

const FOLDS = 10
const CLIP = 0.001
const REPLICATES = 4000
const SLOPE_MAX = 20

export type Recalibration = {
  readonly kind: 'recalibration'
  readonly judgments: number
  readonly slope: number
  readonly logScore: ScoreGain
  /** A loss: lower is better. Its gain is how far it falls. */
  readonly brier: ScoreGain
}

export type ScoreGain = {
  readonly stated: number
  readonly recalibrated: number
  readonly gain: IntervalEstimate
}

type Scored = { readonly item: string; readonly logOdds: number; readonly after: number }

export function recalibration(judgments: readonly Judgment[], seed: number): Recalibration | Insufficient {
  const items = [...new Set(judgments.map(({ item }) => item))].sort()
  if (items.length < FOLDS) return insufficient(`it needs ${FOLDS} items, and there are ${items.length}`)
  const random = seededRandom(seed)
  const order = items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at)
  const foldOf = new Map(order.map(({ item }, place) => [item, place % FOLDS]))
  const points = judgments.map((judgment) => ({
    item: judgment.item,
    logOdds: logOdds(finalProbability(judgment)),
  }))
  const slopes = Array.from({ length: FOLDS }, (_, fold) =>
    fitSlope(points.filter(({ item }) => foldOf.get(item) !== fold)),
  )
  const scored = points.map((point) => ({
    ...point,
    after: (slopes[foldOf.get(point.item) ?? 0] as number) * point.logOdds,
  }))
  const kept = gainOf(scored, (x) => -((1 - sigmoid(x)) ** 2), seed)
  return {
    kind: 'recalibration',
    judgments: judgments.length,
    slope: fitSlope(points),
    logScore: gainOf(scored, logSigmoid, seed),
    brier: { stated: -kept.stated, recalibrated: -kept.recalibrated, gain: kept.gain },
  }
}

/** `score`: higher is better. */
function gainOf(scored: readonly Scored[], score: (logOdds: number) => number, seed: number): ScoreGain {
  const mean = (of: (one: Scored) => number) => scored.reduce((sum, one) => sum + of(one), 0) / scored.length
  const byItem = new Map<string, { gain: number; count: number }>()
  for (const one of scored) {
    const own = byItem.get(one.item) ?? { gain: 0, count: 0 }
    own.gain += score(one.after) - score(one.logOdds)
    own.count += 1
    byItem.set(one.item, own)
  }
  const clusters = [...byItem.values()].sort((a, b) => a.gain - b.gain || a.count - b.count)
  const gains: number[] = []
  resampleClusters(
    clusters.map(() => 1),
    { replicates: REPLICATES, seed },
    (drawn) => {
      let gain = 0
      let count = 0
      clusters.forEach((own, at) => {
        gain += (drawn[at] as number) * own.gain
        count += (drawn[at] as number) * own.count
      })
      gains.push(gain / count)
    },
  )
  gains.sort((a, b) => a - b)
  const at = (share: number) => gains[Math.floor(share * gains.length)] as number
  const gain: IntervalEstimate = {
    kind: 'estimate',
    value: mean((one) => score(one.after) - score(one.logOdds)),
    interval: { kind: 'interval', low: at(0.025), high: at(0.975), level: 0.95 },
  }
  return { stated: mean((one) => score(one.logOdds)), recalibrated: mean((one) => score(one.after)), gain }
}

/** The log score is concave in the slope: golden section. */
function fitSlope(points: readonly { readonly logOdds: number }[]): number {
  const cost = (slope: number) => points.reduce((sum, point) => sum - logSigmoid(slope * point.logOdds), 0)
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = 0
  let high = SLOPE_MAX
  for (let step = 0; step < 60; step++) {
    const a = high - ratio * (high - low)
    const b = low + ratio * (high - low)
    if (cost(a) < cost(b)) high = b
    else low = a
  }
  return (low + high) / 2
}

function logOdds(probability: number): number {
  const clipped = Math.min(1 - CLIP, Math.max(CLIP, probability))
  return Math.log(clipped / (1 - clipped))
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function logSigmoid(x: number): number {
  return -(Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x))))
}
