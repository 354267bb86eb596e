import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { findRater, type RaterRow } from '../raters/rater-store.ts'
import { JudgeDefinition } from './judge-definition.ts'

/** A model rater with what makes it one. */
export type Judge = { readonly rater: RaterRow; readonly definition: JudgeDefinition }

/** Throws AppError not_found, also for a rater that is no model or that only imports know. */
export async function requireJudge(executor: Executor, projectId: string, raterId: string): Promise<Judge> {
  const rater = await findRater(executor, projectId, raterId)
  const definition = JudgeDefinition.safeParse(rater?.definition)
  if (rater === undefined || rater.kind !== 'model' || !definition.success)
    throw new AppError(
      'not_found',
      'There is no such model rater in this project.',
      'Declare one: leeway judge declare.',
      { field: 'judge' },
    )
  return { rater, definition: definition.data }
}
