/**
 * How often each rater is right, and with what they confuse what.
 *
 * Estimates   accuracy: probability that an answer is right; confusion[t][l]: probability of answering l when t is
 *             true. Both are means of a Beta (Dirichlet) distribution whose prior is the panel as a whole, worth
 *             PRIOR_RATINGS ratings: a rater with three answers looks like the panel, one with three hundred like itself.
 * Intervals   central, of that Beta distribution. They do not contain the doubt about the belief itself.
 * Spammer     Raykar and Yu (2012): mean squared distance between the rows of the confusion matrix, 1 for a perfect
 *             rater, 0 for one whose answer does not depend on the item, whatever the favourite answer is.
 * Degenerate  no ratings: the panel's own values, with `ratings` 0. One class: the spammer score is null.
 */
import type { Interval } from '../numeric/interval-estimate.ts'
import { betaInterval } from './beta-interval.ts'
import { beliefIn, correctness, type JudgedRating, type JudgedRatings } from './judged-ratings.ts'

const PRIOR_RATINGS = 10

export type RaterSkill = {
  readonly ratings: number
  /** Answers on items whose truth is known. */
  readonly goldRatings: number
  readonly accuracy: number
  readonly accuracyInterval: Interval
  readonly confusion: readonly (readonly number[])[]
  readonly confusionIntervals: readonly (readonly Interval[])[]
  readonly spammerScore: number | null
}

export type PanelSkill = {
  readonly accuracy: number
  readonly confusion: readonly (readonly number[])[]
}

/** The prior of every card: all raters pooled, with one rating of ignorance, so that nothing is 0 or 1. */
export function panelSkill(judged: JudgedRatings): PanelSkill {
  const { right, counts } = tally(judged, judged.ratings)
  const classes = judged.classes.length
  return {
    accuracy: (right + 1 / Math.max(1, classes)) / (judged.ratings.length + 1),
    confusion: counts.map((row) => {
      const total = sum(row)
      return row.map((count) => (count + 1 / classes) / (total + 1))
    }),
  }
}

export function raterSkill(
  judged: JudgedRatings,
  own: readonly JudgedRating[],
  panel: PanelSkill,
  level = 0.95,
): RaterSkill {
  const { right, counts } = tally(judged, own)
  const a = right + PRIOR_RATINGS * panel.accuracy
  const b = own.length - right + PRIOR_RATINGS * (1 - panel.accuracy)
  const shrunken = counts.map((row, truth) =>
    row.map((count, label) => count + PRIOR_RATINGS * (panel.confusion[truth]?.[label] ?? 0)),
  )
  return {
    ratings: own.length,
    goldRatings: own.filter(({ item }) => (judged.gold[item] ?? -1) >= 0).length,
    accuracy: a / (a + b),
    accuracyInterval: betaInterval(a, b, level),
    confusion: shrunken.map((row) => row.map((count) => count / sum(row))),
    confusionIntervals: shrunken.map((row) =>
      row.map((count) => betaInterval(count, Math.max(sum(row) - count, Number.MIN_VALUE), level)),
    ),
    spammerScore: spammerScore(shrunken.map((row) => row.map((count) => count / sum(row)))),
  }
}

/** In [0, 1]; null with fewer than two classes. */
export function spammerScore(confusion: readonly (readonly number[])[]): number | null {
  const classes = confusion.length
  if (classes < 2) return null
  let distance = 0
  for (let one = 0; one < classes; one++)
    for (let other = one + 1; other < classes; other++)
      for (let label = 0; label < classes; label++)
        distance += ((confusion[one]?.[label] ?? 0) - (confusion[other]?.[label] ?? 0)) ** 2
  return distance / (classes * (classes - 1))
}

function tally(judged: JudgedRatings, ratings: readonly JudgedRating[]) {
  const classes = judged.classes.length
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  let right = 0
  for (const rating of ratings) {
    right += correctness(judged, rating)
    for (let truth = 0; truth < classes; truth++) {
      const row = counts[truth] as number[]
      row[rating.label] = (row[rating.label] ?? 0) + beliefIn(judged, rating.item, truth)
    }
  }
  return { right, counts }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
