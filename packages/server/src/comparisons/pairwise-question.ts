import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, type RubricRow, rubricOf } from '../rubrics/stored-rubrics.ts'

export type PairwiseQuestion = {
  readonly rubric: RubricRow
  readonly criterion: Criterion
  readonly sha256: string
}

/** A question of a rubric that compares two episodes. Throws AppError. */
export async function requirePairwise(
  { db }: Pick<Effects, 'db'>,
  projectId: string,
  wanted: { readonly rubric: string; readonly criterion: string },
): Promise<PairwiseQuestion> {
  const rubric = await findRubric(db, projectId, wanted.rubric)
  if (rubric === undefined)
    throw new AppError(
      'not_found',
      'There is no such rubric in this project.',
      'List the rubrics to find it.',
      {
        field: 'body.rubric',
      },
    )
  const all = criteriaOf(rubricOf(rubric))
  const criterion = all.find(({ id }) => id === wanted.criterion)
  if (criterion?.scale.kind === 'pairwise') return { rubric, criterion, sha256: criterionSha256(criterion) }
  const names = all.filter(({ scale }) => scale.kind === 'pairwise').map(({ id }) => id)
  throw new AppError(
    'unprocessable',
    criterion === undefined
      ? `The rubric has no question "${wanted.criterion}".`
      : `"${wanted.criterion}" is about one episode, and does not compare two.`,
    names.length === 0
      ? 'Give a question of the rubric the scale pairwise, and save it.'
      : `Name one of: ${names.slice(0, 20).join(', ')}.`,
    { field: 'body.criterion' },
  )
}
