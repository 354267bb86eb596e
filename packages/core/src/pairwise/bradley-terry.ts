/**
 * Ratings from pairwise comparisons, with ties, covariates, raters of unequal reliability, and honest intervals.
 *
 * Estimates   log strength r of each player (logits; 0 is the mean of its group), effects of covariates (style,
 *             length, position), the tie strength nu (Davidson), and each rater's probability of an honest answer.
 * Model       P(left beats right) = 1 / (1 + exp(-(r_left - r_right + x b))). Ties: half a win each, or Davidson's
 *             third outcome. With `reliability`: rater-reliability.ts (ties as half wins).
 * Intervals   sandwich.ts, clustered by rater, by unit, or by both. Ranks from the intervals: the best is 1 + those whose interval lies
 *             wholly above, the worst is the number not wholly below.
 * Degenerate  unconnected players are never put on one scale. Where an earlier group never lost to a later one
 *             (win-graph.ts), no finite distance exists: the groups come in order, each with a scale of its own,
 *             and a group of one has no rating. A ridge above 0 gives every component one scale, and then the ridge
 *             decides how far apart separated players are. Nothing to compare, features that can replace one another
 *             or that decide every comparison, and more than PLAYERS_MAX players: insufficient.
 * Cost        O(comparisons * features^2 + players^3) a step; about ten steps, with `reliability` up to 500.
 * Source      Bradley and Terry 1952; Davidson 1970; Ford 1957 (existence); Chen et al. 2013 (Crowd-BT).
 * Evidence    pairwise.test.ts, known-worlds.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import type { Comparison } from './comparison.ts'
import { type Design, designOf } from './design.ts'
import { estimateAt, exponentiated } from './parameter-estimate.ts'
import { type PairwiseOptions, type RatedRater, type Solved, solvePairwise } from './solve-pairwise.ts'
import { winGroups } from './win-graph.ts'

export type RatedPlayer = {
  readonly name: string
  readonly comparisons: number
  /** Wins plus half the ties. */
  readonly wins: number
  readonly rating: IntervalEstimate | Insufficient
  /** Best and worst rank in its group that the intervals leave open, or null without an interval. */
  readonly rank: { readonly best: number; readonly worst: number } | null
}

export type PairwiseFit = {
  readonly kind: 'fit'
  /** Components, largest first; in each its groups, top to bottom; players by rating. One group: one scale. */
  readonly components: readonly (readonly (readonly RatedPlayer[])[])[]
  readonly effects: readonly (IntervalEstimate & { readonly name: string })[]
  readonly tieStrength: IntervalEstimate | null
  readonly raters: readonly RatedRater[]
  readonly clusteredBy: Solved['clustering']['by']
  readonly clusters: number
  readonly logLikelihood: number
}

const PLAYERS_MAX = 2000

export function fitPairwise(
  comparisons: readonly Comparison[],
  options: PairwiseOptions,
): PairwiseFit | Insufficient {
  if (comparisons.some(({ left, right }) => left === right))
    throw new RangeError('a player cannot be compared with itself')
  if (comparisons.length === 0) return insufficient('there are no comparisons')
  const found = winGroups(comparisons)
  const components = options.ridge > 0 ? found.map((groups) => [groups.flat().sort()]) : found
  const fitted = components.flatMap((groups) => groups.filter((group) => group.length > 1))
  if (fitted.flat().length > PLAYERS_MAX)
    return insufficient(`${fitted.flat().length} players are more than ${PLAYERS_MAX}`)
  const design = designOf(comparisons, fitted, options.features.length)
  // Without a tie, or with nothing else, Davidson's third outcome has no finite strength.
  const tied = design.outcome.filter((outcome) => outcome === 0.5).length
  const ties = options.ties === 'davidson' && tied > 0 && !options.reliability ? 'davidson' : 'half'
  if (ties === 'davidson' && tied === design.outcome.length)
    return insufficient('every comparison is a tie, so their strength has no bound')
  const solved = solvePairwise(design, ties, options)
  if (solved.kind === 'insufficient') return solved
  // All parameters share the rows, so each effect rests on its share of them.
  const rows = design.outcome.length / Math.max(1, solved.theta.length)
  return {
    kind: 'fit',
    components: components.map((groups) =>
      groups.map((group) => ratedGroup(group, groups, comparisons, design, solved, options.alpha)),
    ),
    effects: options.features.map((name, f) => ({
      name,
      ...estimateAt(solved, design.players.length + f, rows, options.alpha),
    })),
    tieStrength:
      ties === 'davidson'
        ? exponentiated(estimateAt(solved, solved.theta.length - 1, rows, options.alpha))
        : null,
    raters: solved.raters,
    clusteredBy: solved.clustering.by,
    clusters: solved.clustering.clusters,
    logLikelihood: solved.logLikelihood,
  }
}

function ratedGroup(
  group: readonly string[],
  groups: readonly (readonly string[])[],
  comparisons: readonly Comparison[],
  design: Design,
  solved: Solved,
  alpha: number,
): readonly RatedPlayer[] {
  const tally = new Map(group.map((name) => [name, { comparisons: 0, wins: 0 }]))
  for (const { left, right, outcome } of comparisons) {
    for (const [name, won] of [
      [left, outcome],
      [right, 1 - outcome],
    ] as const) {
      const count = tally.get(name)
      if (count === undefined) continue
      count.comparisons += 1
      count.wins += won
    }
  }
  const players = group.map((name) => ({
    name,
    ...(tally.get(name) as { comparisons: number; wins: number }),
    rating:
      group.length > 1
        ? estimateAt(solved, design.players.indexOf(name), tally.get(name)?.comparisons ?? 0, alpha)
        : insufficient(whyUnrated(groups, group)),
  }))
  return players
    .map((player) => ({ ...player, rank: rankAmong(player.rating, players) }))
    .sort((a, b) => sizeOf(b.rating) - sizeOf(a.rating) || (a.name < b.name ? -1 : 1))
}

function whyUnrated(groups: readonly (readonly string[])[], group: readonly string[]): string {
  const at = groups.indexOf(group)
  if (at === 0) return 'it never lost or tied, so nothing says how far above the others it is'
  if (at === groups.length - 1) return 'it never won or tied, so nothing says how far below the others it is'
  return 'no chain of wins leads both to it and back, so nothing says how far from the others it is'
}

function rankAmong(
  rating: IntervalEstimate | Insufficient,
  others: readonly { readonly rating: IntervalEstimate | Insufficient }[],
): RatedPlayer['rank'] {
  if (rating.kind === 'insufficient' || rating.interval.kind === 'insufficient') return null
  let above = 0
  let below = 0
  for (const other of others) {
    if (other.rating.kind === 'insufficient' || other.rating.interval.kind === 'insufficient') return null
    if (other.rating.interval.low > rating.interval.high) above += 1
    if (other.rating.interval.high < rating.interval.low) below += 1
  }
  return { best: 1 + above, worst: others.length - below }
}

function sizeOf(rating: IntervalEstimate | Insufficient): number {
  return rating.kind === 'estimate' ? rating.value : 0
}
