/**
 * Whose independent answers there are to a question: of people who are trusted, each one, and of models, each family once, but for
 * those that are no independent voice about the episode. Checks are none: they lean on what they check.
 */
import { and, eq, gt, inArray, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import { voiceIn } from '../raters/voice-of.ts'
import { unheardPairs } from '../supervision/unheard.ts'
import { spendReservations } from './tables.ts'

/** SQL: an array of the voices heard about an episode and a question, one of `criteria`. */
export async function voicesOn(
  executor: Executor,
  projectId: string,
  criteria: readonly string[],
): Promise<(episodeId: SQL, sha256: SQL) => SQL> {
  const unheard: { readonly sha256: string; readonly rater: string; readonly policy: string }[] = []
  for (const sha256 of new Set(criteria))
    for (const { raterId, policyId } of await unheardPairs(executor, projectId, sha256))
      unheard.push({ sha256, rater: raterId, policy: policyId })
  const isUnheard = sql`(one.criterion_sha256, one.rater_id, acted.policy_id) in (
    select sha256, rater, policy from jsonb_to_recordset(${JSON.stringify(unheard)}::jsonb)
      as pair(sha256 text, rater uuid, policy uuid))`
  const tier = sql`coalesce((select tier from rater_tiers where rater_tiers.project_id = one.project_id
    and rater_tiers.rater_id = one.rater_id order by rater_tiers.id desc limit 1), 'trainee')`
  return (episodeId, sha256) => sql`array(
    select distinct ${voiceIn(sql`raters`)} from ratings one
    join raters on raters.project_id = one.project_id and raters.id = one.rater_id and raters.kind <> 'program'
    left join episodes acted on acted.project_id = one.project_id and acted.id = one.episode_id
    where one.project_id = ${projectId} and one.episode_id = ${episodeId} and one.criterion_sha256 = ${sha256}
      and one.kind in ('answered', 'not-applicable') and one.form = 'find'
      and not exists (select 1 from ratings later
        where later.project_id = one.project_id and later.supersedes = one.id)
      and case when raters.kind = 'model' then ${tier} <> 'suspended' else ${isTrustedTier(tier)} end
      and ${isUnheard} is not true)`
}

/** SQL: a condition, that one more voice is wanted there and that this one has not been heard. */
export const isVoiceWanted = (voices: SQL, own: string, wanted: number) => sql`(
  select cardinality(heard.voices) < ${wanted} and not ${own} = any(heard.voices)
  from (select ${voices} as voices) heard)`

/** Voices of the models that are being asked now, by the claims that they hold. */
export async function voicesAsked(
  executor: Executor,
  projectId: string,
  claimOf: (raterId: string) => string,
  now: Date,
): Promise<readonly string[]> {
  const { rows } = await executor.execute<{ id: string; voice: string }>(sql`
    select id, ${voiceIn(sql`raters`)} as voice from raters where project_id = ${projectId} and kind = 'model'`)
  const claims = new Map(rows.map(({ id, voice }) => [claimOf(id), voice]))
  if (claims.size === 0) return []
  const held = await executor
    .select({ id: spendReservations.id })
    .from(spendReservations)
    .where(
      and(
        eq(spendReservations.projectId, projectId),
        inArray(spendReservations.id, [...claims.keys()]),
        gt(spendReservations.expiresAt, now),
      ),
    )
  return held.flatMap(({ id }) => claims.get(id) ?? [])
}
