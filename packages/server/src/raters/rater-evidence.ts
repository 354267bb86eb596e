/** What all questions of a project together say about its raters. */
import type { JudgedRating, JudgedRatings } from '@leeway/core/raters/judged-ratings'
import { correctness } from '@leeway/core/raters/judged-ratings'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Estimator } from '../estimates/estimator.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { criteria } from '../rubrics/tables.ts'

export type JudgedQuestion = {
  readonly criterion: Criterion
  readonly sha256: string
  readonly judged: JudgedRatings
  /** By rater, who it counts as one with. */
  readonly voices: ReadonlyMap<string, string>
  /** When each of `judged.ratings` was given. */
  readonly at: (rating: JudgedRating) => Date
}

/** Questions that somebody answered, with every answer beside what is believed. */
export async function judgedQuestions(
  executor: Executor,
  estimate: Estimator,
  projectId: string,
): Promise<readonly JudgedQuestion[]> {
  const rows = await executor.select().from(criteria).where(eq(criteria.projectId, projectId))
  const found: JudgedQuestion[] = []
  for (const row of rows) {
    const criterion = row.definition as Criterion
    // What only a program answers is so by definition: it says nothing of how good anybody is.
    if (criterion.answeredBy.every((kind) => kind === 'program')) continue
    const { judged, answers, voices } = await estimate(executor, projectId, criterion)
    if (judged !== null)
      found.push({
        criterion,
        sha256: criterionSha256(criterion),
        judged,
        voices,
        at: ({ row: index }) => answers[index]?.at ?? row.createdAt,
      })
  }
  return found
}

/**
 * Whether an answer can speak for or against its rater: its truth is known, or somebody else answered the item too. Another model of
 * its family is nobody else.
 */
export function bears({
  judged,
  voices,
}: Pick<JudgedQuestion, 'judged' | 'voices'>): (rating: JudgedRating) => boolean {
  const heard = new Map<number, Set<string>>()
  for (const { item, rater } of judged.ratings) {
    const id = judged.raters[rater] ?? ''
    heard.set(item, (heard.get(item) ?? new Set()).add(voices.get(id) ?? id))
  }
  return ({ item }) => (judged.gold[item] ?? -1) >= 0 || (heard.get(item)?.size ?? 0) > 1
}

export type RightAnswers = { readonly right: number; readonly answers: number }

/** Over all questions, for one rater; `answers` are those that bear on it. */
export function rightAnswers(questions: readonly JudgedQuestion[], raterId: string): RightAnswers {
  let right = 0
  let answers = 0
  for (const question of questions) {
    const { judged } = question
    const index = judged.raters.indexOf(raterId)
    if (index < 0) continue
    const counts = bears(question)
    for (const rating of judged.ratings)
      if (rating.rater === index && counts(rating)) {
        right += correctness(judged, rating)
        answers += 1
      }
  }
  return { right, answers }
}
