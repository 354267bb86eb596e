/**
 * Whether raters differ in how often they are right on known answers, in one sentence; null where there is too little to say it of.
 * Without it a list of accuracies invites a cut that would only find the unlucky.
 */
import { type RatedAnswer, raterDifferences } from '../studies/rater-differences.ts'
import type { JudgedRatings } from './judged-ratings.ts'

/** A rater with fewer answers to known items is left out. */
const ANSWERS_MIN = 5
const SEED = 1

/** One element a question; raters are the same where their names are. */
export function describeDifferences(questions: readonly JudgedRatings[]): string | null {
  const answers = questions.flatMap((judged, question) =>
    judged.ratings.flatMap(({ item, rater, label }): readonly RatedAnswer[] => {
      const gold = judged.gold[item] ?? -1
      const name = judged.raters[rater]
      return gold < 0 || name === undefined
        ? []
        : [{ rater: name, stratum: `${question}:${item}`, right: label === gold }]
    }),
  )
  const counts = new Map<string, number>()
  for (const { rater } of answers) counts.set(rater, (counts.get(rater) ?? 0) + 1)
  const kept = answers.filter(({ rater }) => (counts.get(rater) ?? 0) >= ANSWERS_MIN)
  const { raters, p, differ } = raterDifferences(kept, SEED)
  if (raters < 2) return null
  const test = `p ${p < 0.001 ? 'below 0.001' : p.toPrecision(2)}, ${kept.length} answers, compared item by item`
  return differ
    ? `On known answers the ${raters} raters differ in how often they are right (${test}).`
    : `On known answers the ${raters} raters are not shown to differ in how often they are right (${test}): leaving out whoever looks worst would be choosing after looking.`
}
