/** In which form a model rater is asked: drawn once for each question, recorded before it is asked, the same after a crash. */
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, eq } from 'drizzle-orm'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Effects } from '../http/environment.ts'
import { formRuleOf } from '../question-forms/form-rules.ts'
import { knownAnswer, propose } from '../question-forms/propose.ts'
import { questionForms } from '../question-forms/tables.ts'
import type { Judge } from './judge.ts'
import type { Question } from './judge-store.ts'

/** The answer to be checked; null: the answer is to be found, by the draw, or because nobody else's answer stands. */
export async function formOfQuestion(
  effects: Effects,
  { rater }: Judge,
  { scale }: Criterion,
  question: Question,
  verifyShare: number,
): Promise<string | null> {
  const { db } = effects
  const place = { projectId: rater.projectId, raterId: rater.id, ...question }
  const drawn = async () => {
    const [row] = await db
      .select({ proposed: questionForms.proposed })
      .from(questionForms)
      .where(
        and(
          eq(questionForms.projectId, place.projectId),
          eq(questionForms.raterId, place.raterId),
          eq(questionForms.episodeId, place.episodeId),
          eq(questionForms.criterionSha256, place.criterionSha256),
        ),
      )
    return row
  }
  const before = await drawn()
  if (before !== undefined || verifyShare === 0) return (before?.proposed as string | null) ?? null
  const rule = await formRuleOf(db, place.projectId, place.criterionSha256)
  const proposal = await propose(db, effects, place, {
    scale,
    known: await knownAnswer(db, place),
    plantedShare: rule?.plantedShare ?? 0,
  })
  if (proposal === null) return null
  const isCheck = uniformDraw(effects) < verifyShare
  await db
    .insert(questionForms)
    .values({
      ...place,
      ...(isCheck
        ? { form: 'verify', probability: verifyShare, ...proposal }
        : { form: 'find', probability: 1 - verifyShare, planted: false }),
      at: effects.now(),
    })
    .onConflictDoNothing()
  // Of two processes the first one's draw is the draw of both.
  return ((await drawn())?.proposed as string | null) ?? null
}
