/**
 * Which episodes people look at, who looks and with what help: the policy that leaves the gate least uncertain for the
 * minutes there are.
 *
 * Model       an episode of predicted failure rate f, looked at with probability p by a rater of known sensitivity and specificity,
 *             adds v / p to the variance of the gate's summand: v = q (1 - q) / J^2, q = J f + 1 - specificity the rate of failing
 *             labels, J = sensitivity + specificity - 1. With m minutes a look, sum of v / p under a budget of sum p m is least
 *             where each kind of episode goes to the way with the least v m, with p in proportion to sqrt(v / m) (Neyman 1934,
 *             with costs).
 * Output      the way and the probability of each kind, and the minutes an episode takes on average. The probabilities are fixed
 *             before an episode is seen, so what they draw may enter a gate.
 * Floor       no kind falls below `floor`: stakes would have to shrink for it, and an error of the prediction would stay
 *             unseen. A budget below the floor's minutes is exceeded: compare `minutes`.
 * Degenerate  a way that tells nothing (J <= 0) or takes no time is refused, as is a kind without ways: RangeError.
 * Evidence    docs/methods/audit-allocation.md; allocate-audits.test.ts; lab/studies/allocator.ts
 */
export type Way = {
  /** In [0, 1], their sum above 1. */
  readonly sensitivity: number
  readonly specificity: number
  /** Minutes of a person for one look at an episode of this kind; above 0. */
  readonly minutes: number
}

export type EpisodeKind = {
  /** Share of the traffic; the shares sum to 1. */
  readonly share: number
  /** Predicted failure rate, in [0, 1]. */
  readonly failure: number
  /** Raters, with or without help, who may look at it. */
  readonly ways: readonly Way[]
}

export type AuditPolicy = {
  readonly kinds: readonly { readonly way: number; readonly probability: number }[]
  readonly minutes: number
}

/** Bisections of the scale: enough for the last digit. */
const STEPS = 200
/** A prediction of 0 or 1 is not certainty: what one failure in a thousand would add. */
const FAILURE_MIN = 0.001

export function allocateAudits(
  kinds: readonly EpisodeKind[],
  budget: { readonly minutes: number /** In (0, 1]. */; readonly floor: number },
): AuditPolicy {
  const chosen = kinds.map((kind) => cheapestWay(kind))
  const spread = spreadAudits(
    chosen.map(({ variance, cost }, kind) => ({
      share: (kinds[kind] as EpisodeKind).share,
      variance,
      minutes: cost,
    })),
    budget,
  )
  return {
    kinds: chosen.map(({ way }, kind) => ({ way, probability: spread.probabilities[kind] as number })),
    minutes: spread.minutes,
  }
}

/** The second half by itself, where it is settled who looks: `variance` of a label and `minutes` of a look, both above 0. */
export function spreadAudits(
  kinds: readonly { readonly share: number; readonly variance: number; readonly minutes: number }[],
  budget: { readonly minutes: number /** In (0, 1]. */; readonly floor: number },
): { readonly probabilities: readonly number[]; readonly minutes: number } {
  const { floor } = budget
  if (!(budget.minutes > 0 && floor > 0 && floor <= 1))
    throw new RangeError(`expected minutes above 0 and a floor in (0, 1], not ${budget.minutes} and ${floor}`)
  const at = (scale: number) =>
    kinds.map(({ variance, minutes }) => Math.min(1, Math.max(floor, scale * Math.sqrt(variance / minutes))))
  const spent = (scale: number) =>
    at(scale).reduce((sum, probability, index) => {
      const { share, minutes } = kinds[index] as (typeof kinds)[number]
      return sum + share * probability * minutes
    }, 0)
  let low = 0
  let high = Math.max(...kinds.map(({ variance, minutes }) => Math.sqrt(minutes / variance)))
  if (spent(high) <= budget.minutes) low = high
  for (let step = 0; step < STEPS && low < high; step++) {
    const middle = (low + high) / 2
    if (spent(middle) <= budget.minutes) low = middle
    else high = middle
  }
  return { probabilities: at(low), minutes: spent(low) }
}

type Choice = { readonly way: number; readonly variance: number; readonly cost: number }

function cheapestWay({ failure, ways }: EpisodeKind): Choice {
  let best: Choice | null = null
  ways.forEach((one, way) => {
    const variance = labelVariance(failure, one)
    const { minutes } = one
    if (!(minutes > 0)) throw new RangeError(`a look that takes ${minutes} minutes cannot be planned`)
    if (best === null || variance * minutes < best.variance * best.cost)
      best = { way, variance, cost: minutes }
  })
  if (best === null) throw new RangeError('a kind of episode that nobody may look at cannot be audited')
  return best
}

/** Of one label corrected for the rater's errors, around the predicted failure rate. */
export function labelVariance(
  failure: number,
  { sensitivity, specificity }: Pick<Way, 'sensitivity' | 'specificity'>,
): number {
  const informedness = sensitivity + specificity - 1
  if (!(informedness > 0))
    throw new RangeError(`a rater of sensitivity ${sensitivity} and specificity ${specificity} tells nothing`)
  const rate = Math.min(1 - FAILURE_MIN, Math.max(FAILURE_MIN, failure))
  const failing = informedness * rate + 1 - specificity
  return (failing * (1 - failing)) / informedness ** 2
}
