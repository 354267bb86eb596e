/**
 * What a judgment is worth: bits of the right answer, less what each round costs. Proper: nobody gains by stating
 * another probability than the one believed, and a further round is worth hearing while it is expected to bring more
 * bits than it costs.
 *
 * Source      Michael et al. 2023 (arXiv 2311.08702): log2 p - 0.05 a round.
 */

/** What the study charged, in bits. */
export const ROUND_COST = 0.05
/** A certainty that was wrong would cost infinitely much, so none can be stated. */
export const PROBABILITY_MIN = 0.01

/** `right`: probability stated for the right answer, in (0, 1]; `rounds` heard. At most 0, in bits. Throws RangeError. */
export function judgeScore(right: number, rounds: number, roundCost: number): number {
  if (!(right > 0 && right <= 1)) throw new RangeError('a probability above 0, up to 1, is needed')
  return Math.log2(right) - roundCost * rounds
}
