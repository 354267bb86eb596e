/**
 * How many planted requests somebody caught.
 *
 * Estimates   the chance to catch one, from those that were decided about; units are decisions.
 * Interval    Clopper-Pearson, 95 % at one look: exact, so never narrower than it says, whatever the chance and however few they are.
 * Assumes     each is caught with the same chance, whatever came before.
 * Degenerate  no decisions: 0 to 1.
 * Source      Clopper and Pearson 1934 (Biometrika 26, 404-413).
 */
import { betaInterval } from '../raters/beta-interval.ts'
import type { Detection } from './detection-difference.ts'

const LEVEL = 0.95

export function exactDetection(answers: readonly { readonly caught: boolean }[]): Detection {
  const caught = answers.filter((one) => one.caught).length
  const missed = answers.length - caught
  return {
    caught,
    answers: answers.length,
    low: caught === 0 ? 0 : betaInterval(caught, missed + 1, LEVEL).low,
    high: missed === 0 ? 1 : betaInterval(caught + 1, missed, LEVEL).high,
  }
}
