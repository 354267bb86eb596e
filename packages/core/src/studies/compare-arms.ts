/**
 * How often raters are right in each arm of a study, how far two arms differ, and how firmly that stands.
 *
 * Intervals   cluster bootstrap, percentile, 95 %: over items and over raters, and the wider of the two is reported, because
 *             judgments of one story or by one person are alike.
 * `pAlone`    Fisher's exact test as if all judgments were independent: for comparison with published tables only.
 * Fragile     the test alone says "differs" (p below 0.05), but its word falls when FRAGILE_SHARE of the judgments (at least one)
 *             had gone the other way, or the clustered interval contains 0.
 * Degenerate  an arm without judgments: insufficient. Fewer than CLUSTERS_MIN items or raters: that interval is left out.
 */
import { CLUSTERS_MIN, type Tally, widestClusterInterval } from '../numeric/cluster-interval.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { fisherExact, type Share } from './fisher-exact.ts'
import { isRight, type Judgment } from './judgment.ts'

const SIGNIFICANT = 0.05
const FRAGILE_SHARE = 0.02

export type ArmAccuracy = Share & { readonly arm: string; readonly accuracy: IntervalEstimate }

export type ArmDifference = {
  readonly kind: 'difference'
  readonly arms: readonly [string, string]
  /** Accuracy of the first less that of the second. */
  readonly difference: IntervalEstimate
  /** The clusters whose interval was the wider one. */
  readonly clusteredBy: 'item' | 'rater' | null
  readonly pAlone: number
  /** Judgments that would have to go the other way until the test alone says nothing; null where it says nothing now. */
  readonly flips: number | null
  readonly verdict: 'shown' | 'fragile' | 'not-shown'
}

export function armAccuracy(judgments: readonly Judgment[], arm: string, seed: number): ArmAccuracy {
  const own = judgments.filter((one) => one.arm === arm)
  const share = shareOf(own)
  const found = widest(own, seed, (tally) => rateOf(tally, 0))
  return {
    arm,
    ...share,
    accuracy: {
      kind: 'estimate',
      value: share.total === 0 ? 0.5 : share.right / share.total,
      interval: found?.interval ?? insufficient(`it needs ${CLUSTERS_MIN} items or raters`),
    },
  }
}

export function compareArms(
  judgments: readonly Judgment[],
  arms: readonly [string, string],
  seed: number,
): ArmDifference | Insufficient {
  const own = judgments.filter(({ arm }) => arms.includes(arm))
  const [a, b] = arms.map((arm) => shareOf(own.filter((one) => one.arm === arm))) as [Share, Share]
  if (a.total === 0 || b.total === 0)
    return insufficient(`there are ${a.total} judgments of ${arms[0]} and ${b.total} of ${arms[1]}`)
  const found = widest(
    own,
    seed,
    (tally) => {
      const [first, second] = [rateOf(tally, 0), rateOf(tally, 1)]
      return first === null || second === null ? null : first - second
    },
    arms,
  )
  const pAlone = fisherExact(a, b)
  const flips = pAlone < SIGNIFICANT ? flipsUntilNothing(a, b) : null
  const interval = found?.interval ?? insufficient(`it needs ${CLUSTERS_MIN} items or raters`)
  const excludesZero = interval.kind === 'interval' && (interval.low > 0 || interval.high < 0)
  const few = Math.max(1, Math.round(FRAGILE_SHARE * (a.total + b.total)))
  return {
    kind: 'difference',
    arms,
    difference: { kind: 'estimate', value: a.right / a.total - b.right / b.total, interval },
    clusteredBy: found?.by ?? null,
    pAlone,
    flips,
    verdict: flips === null ? 'not-shown' : flips <= few || !excludesZero ? 'fragile' : 'shown',
  }
}

/** Rights of the better arm turned wrong, one by one. */
function flipsUntilNothing(a: Share, b: Share): number {
  const [better, other] = a.right * b.total >= b.right * a.total ? [a, b] : [b, a]
  let flips = 0
  while (
    flips < better.right &&
    fisherExact({ right: better.right - flips, total: better.total }, other) < SIGNIFICANT
  )
    flips += 1
  return flips
}

function shareOf(judgments: readonly Judgment[]): Share {
  return { right: judgments.filter(isRight).length, total: judgments.length }
}

/** Sums of rights and totals of up to two arms. */
function rateOf(sums: Tally, arm: 0 | 1): number | null {
  const total = sums[2 * arm + 1] as number
  return total === 0 ? null : (sums[2 * arm] as number) / total
}

function widest(
  judgments: readonly Judgment[],
  seed: number,
  statistic: (sums: Tally) => number | null,
  arms?: readonly [string, string],
) {
  const by = (['item', 'rater'] as const).map((by) => ({ by, clusters: tallies(judgments, by, arms) }))
  return widestClusterInterval(by, seed, statistic)
}

function tallies(
  judgments: readonly Judgment[],
  by: 'item' | 'rater',
  arms?: readonly [string, string],
): readonly Tally[] {
  const clusters = new Map<string, [number, number, number, number]>()
  for (const judgment of judgments) {
    const tally = clusters.get(judgment[by]) ?? [0, 0, 0, 0]
    clusters.set(judgment[by], tally)
    const place = arms !== undefined && judgment.arm === arms[1] ? 2 : 0
    if (isRight(judgment)) tally[place] += 1
    tally[place + 1] = (tally[place + 1] as number) + 1
  }
  return [...clusters.values()]
}
