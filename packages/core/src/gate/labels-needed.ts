/**
 * How many more units a gate needs, if the true difference were `difference`.
 *
 * Estimates   the median number of further units until promotion (or rollback), from the growth rate of the best
 *             constant bet on a three-point summand with the observed share of discordant units.
 * Assumes     units alike; outcomes differ on `discordance` of the units (at least |difference|).
 * Output      a whole number of units, or `unreachable` when the claim is false at that difference.
 * Degenerate  `discordance` below |difference| is raised to it.
 * Method      a walk with the drift g of the best bet and the variance 2 g that such a bet has arrives after an inverse
 *             Gaussian time; its median is 0.7 to 0.9 of the mean, target / g.
 * Limits      an approximation for people who wait: within 10 % of the simulated gate with its default prior (margin 3 points,
 *             baseline 10 %, differences of 0, -3 and -5 points); with a prior fitted to the design up to 46 % too many.
 */
import { normalUpperTail } from '../numeric/normal.ts'
import { BET_CAP } from '../sequential/betting-process.ts'

export type Needed = { readonly kind: 'units'; readonly units: number } | { readonly kind: 'unreachable' }

/** Log wealth lost to the averaging over bets, about log 4 in practice. */
const AVERAGING_COST = 1.4

export function unitsNeeded(input: {
  readonly margin: number
  readonly difference: number
  readonly discordance: number
  readonly alpha: number
  readonly logWealth: number
  readonly claim: 'promote' | 'rollback'
}): Needed {
  const sign = input.claim === 'promote' ? 1 : -1
  const gap = sign * (input.margin - input.difference)
  if (gap <= 0) return { kind: 'unreachable' }
  const growth = bestGrowth(input.margin, input.difference, input.discordance, sign)
  // What was lost so far has to be won back; what was won counts, but not the part the average gave away.
  const wealth = Math.min(input.logWealth, Math.log(1 / input.alpha))
  const target = Math.log(1 / input.alpha) - wealth + (input.logWealth > 1 ? 0 : AVERAGING_COST)
  return { kind: 'units', units: Math.max(1, Math.ceil((target / growth) * medianOfMean(target / 2))) }
}

/** Median over mean of the inverse Gaussian law with shape over mean `phi`: 0 for a spread without end, 1 for none. */
function medianOfMean(phi: number): number {
  const below = (x: number): number => {
    const root = Math.sqrt(phi / x)
    return normalUpperTail(root * (1 - x)) + Math.exp(2 * phi) * normalUpperTail(root * (1 + x))
  }
  let [low, high] = [0, 1]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (below(middle) < 0.5) low = middle
    else high = middle
  }
  return high
}

function bestGrowth(margin: number, difference: number, discordance: number, sign: 1 | -1): number {
  const share = Math.min(1, Math.max(discordance, Math.abs(difference), 1e-3))
  const worse = (share + difference) / 2
  const better = (share - difference) / 2
  const lossMax = sign === 1 ? 1 - margin : 1 + margin
  let best = 1e-9
  for (let step = 1; step <= 60; step++) {
    const stake = ((step / 60) * BET_CAP) / lossMax
    const growth =
      worse * Math.log1p(stake * sign * (margin - 1)) +
      better * Math.log1p(stake * sign * (margin + 1)) +
      (1 - share) * Math.log1p(stake * sign * margin)
    if (growth > best) best = growth
  }
  return best
}
