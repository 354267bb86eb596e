/** Retires known answers: by a person who knows that one has leaked, and by the server where enough people have met one. */
import type { RetireGold } from '@leeway/contract/vetting'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { goldMet } from './gold-exposures.ts'
import type { VettingRules } from './rules.ts'
import { goldRetirements } from './tables.ts'

const ACTOR = 'system:vetting'
/** Of the people of a project: once more than so many have met it, those to come may have heard of it. */
const MOST = 0.5
/** In a small project half of the people are few, and each meets an item once in any case. */
const MOST_MIN = 10

type Retirement = {
  readonly projectId: string
  readonly episodeId: string
  readonly criterionSha256: string
  readonly kind: 'leaked' | 'overexposed'
  readonly reason: string
  readonly actor: string
}

/** For good. The same again is refused, so that the first reason stands. */
export async function retireGold(
  effects: Effects,
  projectId: string,
  actor: string,
  { episode, criterionSha256, reason }: z.output<typeof RetireGold>,
): Promise<void> {
  await effects.db.transaction(async (tx) => {
    const { rows } = await tx.execute(sql`
      select 1 from gold_answers where project_id = ${projectId} and episode_id = ${episode}
        and criterion_sha256 = ${criterionSha256}`)
    if (rows.length === 0)
      throw new AppError(
        'not_found',
        'No answer is known to this question on this episode.',
        'List the known answers to find it.',
        { field: 'body.episode' },
      )
    const retirement = {
      projectId,
      episodeId: episode,
      criterionSha256,
      reason,
      actor,
      kind: 'leaked' as const,
    }
    if (!(await record(tx, effects, retirement)))
      throw new AppError('conflict', 'This known answer is retired already.', 'Nothing is left to do.')
  })
}

/** Those that as many people with an account have met as the rules allow, or most of them. Whose answers were imported is none of them. */
export async function retireOverexposed(effects: Effects, rules: VettingRules): Promise<void> {
  const { projectId, exposuresMax } = rules
  await effects.db.transaction(async (tx) => {
    const { rows } = await tx.execute<{
      episode_id: string
      criterion_sha256: string
      people: number
      everybody: number
    }>(sql`
      with everybody as (select count(*)::int as many from raters
        where project_id = ${projectId} and kind = 'human' and user_id is not null)
      select met.episode_id, met.criterion_sha256, count(*)::int as people, everybody.many as everybody
      from ${goldMet(projectId)} met
      join raters on raters.project_id = ${projectId} and raters.id = met.rater_id and raters.user_id is not null
      cross join everybody
      where not exists (select 1 from gold_retirements retired where retired.project_id = ${projectId}
        and retired.episode_id = met.episode_id and retired.criterion_sha256 = met.criterion_sha256)
      group by met.episode_id, met.criterion_sha256, everybody.many
      having count(*) >= ${exposuresMax}
        or count(*) >= ${MOST_MIN} and count(*) > ${MOST}::float8 * everybody.many`)
    for (const { episode_id: episodeId, criterion_sha256: criterionSha256, people, everybody } of rows)
      await record(tx, effects, {
        projectId,
        episodeId,
        criterionSha256,
        kind: 'overexposed',
        reason:
          people >= exposuresMax
            ? `${people} people have met it, and the rules allow ${exposuresMax}.`
            : `${people} of ${everybody} people have met it.`,
        actor: ACTOR,
      })
  })
}

async function record(tx: Transaction, effects: Effects, retirement: Retirement): Promise<boolean> {
  const { projectId, episodeId, criterionSha256, kind, actor } = retirement
  const at = effects.now()
  const added = await tx
    .insert(goldRetirements)
    .values({ ...retirement, at })
    .onConflictDoNothing()
    .returning({ at: goldRetirements.at })
  if (added.length === 0) return false
  // The answer itself stays out of the ledger, as when it was recorded; the reason may quote it.
  await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at,
    actor,
    action: 'gold.retired',
    body: { episode: episodeId, criterionSha256, kind },
  })
  return true
}
