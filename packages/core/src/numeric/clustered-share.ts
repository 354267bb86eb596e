/**
 * A share of things that hang together in clusters, with an interval that knows it.
 *
 * Estimand    the share of `yes` among all, over clusters as they are drawn (a ratio of totals).
 * Method      linearised variance of the ratio between clusters; the number of independent things that would vary as much;
 *             Jeffreys' interval at that number. Never more than there are things.
 * Assumes     clusters are drawn independently. Where all say the same, one cluster counts as one thing.
 * Input       one entry a cluster, 0 <= yes <= of; clusters with nothing in them are left out.
 * Degenerate  nothing at all: null. One cluster: the interval is 0 to 1.
 * Cost        O(clusters).
 * Source      Korn and Graubard 1998 (Survey Methodology 24, 193-201), with Jeffreys for Clopper-Pearson.
 */
import { betaInterval } from '../raters/beta-interval.ts'
import { studentQuantile } from './student-t.ts'

export type ClusteredShare = { readonly share: number; readonly low: number; readonly high: number }

const LEVEL = 0.95
const JEFFREYS = 0.5

export function clusteredShare(
  all: readonly { readonly yes: number; readonly of: number }[],
): ClusteredShare | null {
  const clusters = all.filter(({ of }) => of > 0)
  const of = clusters.reduce((sum, one) => sum + one.of, 0)
  if (of === 0) return null
  const share = clusters.reduce((sum, one) => sum + one.yes, 0) / of
  const many = clusters.length
  if (many === 1) return { share, low: 0, high: 1 }
  const spread = clusters.reduce((sum, one) => sum + (one.yes - share * one.of) ** 2, 0)
  const variance = ((many / (many - 1)) * spread) / of ** 2
  const degrees = (q: number) => studentQuantile((1 + LEVEL) / 2, q)
  const effective =
    variance === 0
      ? many
      : Math.min(
          of,
          ((share * (1 - share)) / variance) * (degrees(Math.max(1, of - 1)) / degrees(many - 1)) ** 2,
        )
  const { low, high } = betaInterval(share * effective + JEFFREYS, (1 - share) * effective + JEFFREYS, LEVEL)
  // At the edge Jeffreys would leave out what was seen.
  return { share, low: share === 0 ? 0 : low, high: share === 1 ? 1 : high }
}
