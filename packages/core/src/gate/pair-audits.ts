/**
 * How likely each pair of recorded episodes is put to people, by what a judge said of both and by how long a look takes: the
 * allocation of allocate-audits.ts, where one draw decides for both arms.
 *
 * Model       the failing labels of each arm are as frequent as `calibration` says of its score, so that raters' own errors are in it;
 *             their variance is q (1 - q) each, and that of the pair is the sum. A pair takes the minutes of its episodes.
 * Output      a probability for each pair, which depends on nothing but what was given here.
 * Budget      as many minutes as looking at a random `share` of the pairs. No pair falls below `floor`, which is at most `share`.
 * Validity    does not depend on the judge, the calibration or the minutes: they are settled before a label is asked for, and
 *             each label weighs by the probability with which it was drawn. A wrong judge costs minutes.
 * Degenerate  no pairs: RangeError. A share of 1: every pair, surely.
 * Evidence    pair-audits.test.ts, lab/studies/pair-audits.ts
 */
import { spreadAudits } from './allocate-audits.ts'
import { type JudgeCalibration, predictFailure, SCORE_BINS, scoreBin } from './judge-calibration.ts'

export type PairToAudit = {
  /** What the judge made of each arm, in [0, 1]; null: nothing. */
  readonly candidate: number | null
  readonly baseline: number | null
  /** Of a person who looks at both; above 0. Few different ones: pairs alike are one kind. */
  readonly minutes: number
}

type Scores = Pick<PairToAudit, 'candidate' | 'baseline'>
export type ScoreProbabilities = {
  readonly candidate: readonly (number | null)[]
  readonly baseline: readonly (number | null)[]
}

export type PairAudits = {
  /** Of each pair, in the order given. */
  readonly probabilities: readonly number[]
  readonly least: number
  readonly most: number
  /** Mean probability: the share of pairs that will be looked at. */
  readonly share: number
}

/** A prediction of 0 is not certainty: what one failing label in a thousand would add. */
const RATE_MIN = 0.001

export function allocatePairAudits(
  pairs: readonly PairToAudit[],
  {
    calibration,
    share,
    floor,
  }: { readonly calibration: JudgeCalibration; readonly share: number; readonly floor: number },
): PairAudits {
  if (pairs.length === 0) throw new RangeError('without pairs there is nothing to allocate')
  const variance = (score: number | null) => {
    const rate = Math.min(1 - RATE_MIN, Math.max(RATE_MIN, predictFailure(calibration, score).value))
    return rate * (1 - rate)
  }
  const kinds = new Map<string, { count: number; readonly variance: number; readonly minutes: number }>()
  const kindOf = ({ candidate, baseline, minutes }: PairToAudit) =>
    `${scoreBin(candidate)} ${scoreBin(baseline)} ${minutes}`
  for (const pair of pairs) {
    const known = kinds.get(kindOf(pair))
    if (known) known.count += 1
    else
      kinds.set(kindOf(pair), {
        count: 1,
        variance: variance(pair.candidate) + variance(pair.baseline),
        minutes: pair.minutes,
      })
  }
  const minutes = pairs.reduce((sum, pair) => sum + pair.minutes, 0) / pairs.length
  const spread = spreadAudits(
    [...kinds.values()].map((kind) => ({ ...kind, share: kind.count / pairs.length })),
    { minutes: share * minutes, floor: Math.min(floor, share) },
  )
  const byKind = new Map([...kinds.keys()].map((kind, at) => [kind, spread.probabilities[at] as number]))
  const probabilities = pairs.map((pair) => (share === 1 ? 1 : (byKind.get(kindOf(pair)) as number)))
  return {
    probabilities,
    least: probabilities.reduce((least, one) => Math.min(least, one), 1),
    most: probabilities.reduce((most, one) => Math.max(most, one), 0),
    share: probabilities.reduce((sum, one) => sum + one, 0) / pairs.length,
  }
}

/**
 * Of each tenth of an arm's score and, last, of no score: the least probability of any pair with it; null where there is none. So
 * the gate knows the range of a summand before it knows the score. `probabilities` are in the order of the pairs.
 */
export function scoreProbabilities(
  pairs: readonly Scores[],
  probabilities: readonly number[],
): ScoreProbabilities {
  return {
    candidate: leastByScore(
      pairs.map(({ candidate }) => candidate),
      probabilities,
    ),
    baseline: leastByScore(
      pairs.map(({ baseline }) => baseline),
      probabilities,
    ),
  }
}

function leastByScore(
  scores: readonly (number | null)[],
  probabilities: readonly number[],
): readonly (number | null)[] {
  const least: (number | null)[] = Array.from({ length: SCORE_BINS + 1 }, () => null)
  scores.forEach((score, at) => {
    const bin = scoreBin(score)
    least[bin] = Math.min(least[bin] ?? 1, probabilities[at] as number)
  })
  return least
}
