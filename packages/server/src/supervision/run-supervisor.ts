/** Has a supervisor answer a question about episodes of one policy. Planted faults come among them, and nothing marks them. */
import type { JudgeRunView } from '@leeway/contract/judges'
import type { RunSupervisor } from '@leeway/contract/supervision'
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { startJudgeRun } from '../models/start-judge-run.ts'
import { findPolicy } from '../policies/ensure-policy.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { type CanaryPlace, canariesOf } from './canaries.ts'
import { registeredAs } from './registered.ts'

export async function runSupervisor(
  effects: Effects,
  projectId: string,
  actor: string,
  raterId: string,
  wanted: z.output<typeof RunSupervisor>,
): Promise<JudgeRunView> {
  const supervisor = await registeredAs(effects.db, projectId, raterId)
  if (supervisor === undefined || !supervisor.roles.includes('rater'))
    throw new AppError(
      'not_found',
      'There is no such supervisor in this project.',
      'Register a model rater with the role rater: leeway supervisor register.',
    )
  const policy = await findPolicy(effects.db, projectId, wanted.policy)
  const rubric = await findRubric(effects.db, projectId, wanted.rubric)
  if (policy === undefined || rubric === undefined || policy.agentId !== rubric.agentId)
    throw new AppError(
      'not_found',
      'There is no such policy with such a rubric in this project.',
      'Name a policy and a rubric of one agent.',
      { field: policy === undefined ? 'body.policy' : 'body.rubric' },
    )
  if (policy.id === supervisor.policyId)
    throw new AppError(
      'unprocessable',
      `"${supervisor.rater}" runs ${policy.name} itself.`,
      'Nobody supervises itself: name another policy.',
      { field: 'body.policy' },
    )
  const { root } = rubricOf(rubric)
  const criterion = wanted.criterion ?? root.criterion?.id ?? criteriaOf(rubricOf(rubric))[0]?.id ?? ''
  return startJudgeRun(
    effects,
    projectId,
    actor,
    {
      judge: raterId,
      rubric: wanted.rubric,
      criteria: [criterion],
      episodesMax: wanted.episodesMax,
      verifyShare: 0,
    },
    (tx, [criterionSha256 = '']) =>
      episodesAndCanaries(
        tx,
        raterId,
        { projectId, policyId: policy.id, criterionSha256 },
        wanted.episodesMax,
      ),
  )
}

/** Those without an answer yet, in an order that tells nothing of what they are. */
async function episodesAndCanaries(
  tx: Transaction,
  raterId: string,
  place: CanaryPlace,
  episodesMax: number,
): Promise<readonly string[]> {
  const { projectId, policyId, criterionSha256 } = place
  const isOpen = (id: ReturnType<typeof sql>) => sql`not exists (select 1 from ratings
    where ratings.project_id = ${projectId} and ratings.rater_id = ${raterId} and ratings.episode_id = ${id}
      and ratings.criterion_sha256 = ${criterionSha256})`
  const { rows } = await tx.execute<{ id: string }>(sql`
    select id from (
      (select id from episodes where project_id = ${projectId} and policy_id = ${policyId}
        and ${isOpen(sql`episodes.id`)} order by id desc limit ${episodesMax})
      union all
      select canary.id from ${canariesOf(place)} canary where ${isOpen(sql`canary.id`)}
    ) asked order by md5(id::text)`)
  return rows.map(({ id }) => id)
}
