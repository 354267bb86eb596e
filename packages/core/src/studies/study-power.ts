/**
 * What a planned comparison of two arms can find: the chance that its 95 % interval excludes 0, and the answers an arm needs.
 *
 * Estimates   power of a two-sided z-test of a difference of two shares at 5 %.
 * Assumes     raters meet all arms alike, so their skill cancels. Items are answered by several raters in each arm and share how
 *             hard they are: `itemCorrelation` is the correlation of two answers to one item in one arm; it inflates the variance
 *             by 1 + (answers to an item in an arm - 1) * itemCorrelation, less what the arms have in common, which is left out,
 *             so the word is on the careful side.
 * Degenerate  a share of exactly 0 or 1 has no variance and is taken as half an answer from it; a difference of 0 has the power
 *             of a false alarm.
 * Evidence    studies.test.ts: beside simulated studies analysed as real ones are.
 */
import { normalQuantile, normalUpperTail } from '../numeric/normal.ts'

export type PlannedStudy = {
  readonly raters: number
  readonly itemsPerRater: number
  readonly items: number
  readonly arms: number
  /** Share right that is expected without help, and how much more with it. */
  readonly control: number
  readonly difference: number
  readonly itemCorrelation: number
}

const LEVEL_Z = 1.959963984540054
/** Answers with which no share is held away from 0 and 1. */
const LARGE = 1e9

export function answersPerArm({ raters, itemsPerRater, items, arms }: PlannedStudy): number {
  return (raters * Math.min(itemsPerRater, items)) / arms
}

/** In [0, 1]. */
export function studyPower(study: PlannedStudy): number {
  const n = answersPerArm(study)
  if (n <= 0) return 0
  const shift = Math.abs(study.difference) / Math.sqrt(unitVariance(study, n) / n)
  return normalUpperTail(LEVEL_Z - shift) + normalUpperTail(LEVEL_Z + shift)
}

/** With the same items and design. Infinity when the items are too few for any number of raters. */
export function answersForPower(study: PlannedStudy, power: number): number {
  if (study.difference === 0) return Number.POSITIVE_INFINITY
  const z = LEVEL_Z + normalQuantile(power)
  const { control, difference, itemCorrelation, items } = study
  // n = z² / d² · v · (1 + (n / items - 1) ρ), solved for n.
  const v = variance(control, LARGE) + variance(control + difference, LARGE)
  const k = (z ** 2 / difference ** 2) * v
  const left = 1 - (k * itemCorrelation) / items
  return left <= 0 ? Number.POSITIVE_INFINITY : Math.ceil((k * (1 - itemCorrelation)) / left)
}

/** Of the difference, times the answers of an arm. */
function unitVariance({ control, difference, itemCorrelation, items }: PlannedStudy, n: number): number {
  const perItem = Math.max(1, n / items)
  return (variance(control, n) + variance(control + difference, n)) * (1 + (perItem - 1) * itemCorrelation)
}

function variance(share: number, n: number): number {
  const least = 0.5 / Math.max(1, n)
  const kept = Math.min(1 - least, Math.max(least, share))
  return kept * (1 - kept)
}
