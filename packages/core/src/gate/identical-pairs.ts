/**
 * Pairs on which both policies did the same, as far as it matters: they count as a difference of zero without labels.
 *
 * Assumes     the same consequential behaviour has the same outcome. This is a definition somebody wrote, so a few such pairs
 *             are labelled all the same (at a floor probability, one in twenty) and their labels compared.
 * Output      how many were checked and differed; `broken` when more than DIFFERED_MAX of at least CHECKED_MIN did. While it is
 *             broken nothing is promoted: label all pairs.
 * Range       that of any other pair: the stake is set before it is known whether a pair is identical. A larger stake on
 *             pairs that are sure to pay would promote harm.
 */
import { rateUpperBound } from '../sequential/rate-bound.ts'
import type { ArmLabel, PairedUnit } from './unit.ts'

/** Raters differ on the same behaviour now and then; more than this is no accident of theirs. */
const DIFFERED_MAX = 0.1
const CHECKED_MIN = 10

export type IdenticalTally = { pairs: number; checked: number; differed: number }

export type IdenticalReport = {
  readonly pairs: number
  readonly checked: number
  readonly differed: number
  /** Anytime upper bound of the share that differs, with the error given; 1 when none was checked. */
  readonly differedMax: number
  readonly broken: boolean
}

/** The unit as the summand is to read it: both outcomes known and alike. */
export function asIdentical(unit: PairedUnit): PairedUnit {
  const alike: ArmLabel = {
    kind: 'observed',
    failure: 0,
    probability: 1,
    judge: null,
    reaudit: { kind: 'observed', failure: 0, probability: 1 },
  }
  return { ...unit, candidate: alike, baseline: alike }
}

export function learnIdentical(tally: IdenticalTally, { candidate, baseline }: PairedUnit): void {
  tally.pairs += 1
  if (candidate.kind !== 'observed' || baseline.kind !== 'observed') return
  tally.checked += 1
  if (candidate.failure !== baseline.failure) tally.differed += 1
}

/** Null where no pair was called identical. */
export function identicalReport(tally: IdenticalTally, alpha: number): IdenticalReport | null {
  const { pairs, checked, differed } = tally
  if (pairs === 0) return null
  return {
    ...tally,
    differedMax: rateUpperBound(differed, checked, alpha),
    broken: checked >= CHECKED_MIN && differed / checked > DIFFERED_MAX,
  }
}
