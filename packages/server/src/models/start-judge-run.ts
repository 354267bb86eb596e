import type { JudgeRunView, StartJudgeRun } from '@leeway/contract/judges'
import { type Criterion, criteriaOf, type Rubric } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, type RubricRow, rubricOf } from '../rubrics/stored-rubrics.ts'
import { policiesNotFor } from '../supervision/unheard.ts'
import { type Judge, requireJudge } from './judge.ts'
import { runView } from './judge-run-views.ts'
import { episodesToAsk } from './judge-store.ts'
import { recordRun } from './record-run.ts'

/**
 * Settles which questions are asked; a background loop asks them. `chosen` says about which episodes, given the hashes of the
 * questions; left out: the newest of the agent that lack an answer. Throws AppError.
 */
export async function startJudgeRun(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof StartJudgeRun>,
  chosen?: (tx: Transaction, criteria: readonly string[]) => Promise<readonly string[]>,
): Promise<JudgeRunView> {
  const judge = await requireJudge(effects.db, projectId, wanted.judge)
  const rubric = await findRubric(effects.db, projectId, wanted.rubric)
  if (rubric === undefined)
    throw new AppError(
      'not_found',
      'There is no such rubric in this project.',
      'List the rubrics to find it.',
      {
        field: 'rubric',
      },
    )
  if (judge.definition.usdPerMillion === null)
    throw new AppError(
      'unprocessable',
      `The price of "${judge.rater.name}" is not known, so no spend limit can hold.`,
      'Declare it with usdPerMillion; for an endpoint that costs nothing, 0 and 0.',
      { field: 'judge' },
    )
  if (wanted.voicesWanted !== undefined && wanted.verifyShare > 0)
    throw new AppError(
      'unprocessable',
      'A check of an answer is no voice of its own, so it cannot be one of those wanted.',
      'Leave out verifyShare or voicesWanted.',
      { field: 'verifyShare' },
    )
  const voices = wanted.voicesWanted === undefined ? {} : { voicesWanted: wanted.voicesWanted }
  const criteria = criteriaToAsk(rubricOf(rubric), wanted.criteria).map(criterionSha256)
  const run = {
    projectId,
    id: effects.newId(),
    raterId: judge.rater.id,
    rubricId: rubric.id,
    verifyShare: wanted.verifyShare,
    startedBy: actor,
    startedAt: effects.now(),
  }
  await effects.db.transaction(async (tx) => {
    const episodes =
      chosen === undefined
        ? await episodesToAsk(tx, {
            projectId,
            agentId: rubric.agentId,
            raterId: judge.rater.id,
            criteria,
            limit: wanted.episodesMax,
            ...voices,
          })
        : await chosen(tx, criteria)
    if (episodes.length === 0) await refuseOwnWork(tx, judge, rubric)
    await recordRun(
      tx,
      effects,
      { ...run, scope: { episodes, criteria, ...voices } },
      wanted.verifyShare === 0 ? {} : { verifyShare: wanted.verifyShare },
    )
  })
  return runView(effects, projectId, run.id)
}

/** That nothing is left but what the model or its family did is told: a run of no questions would look like one that is done. */
async function refuseOwnWork(tx: Transaction, { rater }: Judge, { agentId }: RubricRow): Promise<void> {
  const barred = await policiesNotFor(tx, rater.projectId, rater.id, ['rater', 'critic'])
  const { rows } = await tx.execute(sql`
    select 1 from episodes where project_id = ${rater.projectId} and agent_id = ${agentId}
      and policy_id = any(${`{${barred.join(',')}}`}::uuid[]) limit 1`)
  if (rows.length === 0) return
  throw new AppError(
    'unprocessable',
    `What is left to ask is about episodes in which "${rater.name}" or its own family acted: nobody judges themselves.`,
    'Take a judge of another family, or register this one as a supervisor where it is only of the family.',
    { field: 'judge' },
  )
}

function criteriaToAsk(rubric: Rubric, ids: readonly string[] | undefined): readonly Criterion[] {
  const all = criteriaOf(rubric)
  // A pair of episodes is another question than one episode.
  const askable = all.filter(
    ({ answeredBy, scale }) => answeredBy.includes('model') && scale.kind !== 'pairwise',
  )
  for (const [index, id] of (ids ?? []).entries()) {
    if (askable.some((criterion) => criterion.id === id)) continue
    throw new AppError(
      'unprocessable',
      all.some((criterion) => criterion.id === id)
        ? `The question "${id}" is not for models.`
        : `The rubric has no question "${id}".`,
      askable.length === 0
        ? 'Add "model" to answeredBy of a question and save the rubric.'
        : `Models may answer: ${askable.map((criterion) => criterion.id).join(', ')}.`,
      { field: `criteria[${index}]` },
    )
  }
  const wanted = ids === undefined ? askable : askable.filter(({ id }) => ids.includes(id))
  if (wanted.length > 0) return wanted
  throw new AppError(
    'unprocessable',
    'No question of this rubric is for models.',
    'Add "model" to answeredBy of a question and save the rubric.',
    { field: 'rubric' },
  )
}
