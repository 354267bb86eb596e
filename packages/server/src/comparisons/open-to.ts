import { type SQL, sql } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import { inConflict } from '../raters/conflicts.ts'
import { isStanding } from './standing-answers.ts'

/** SQL: a condition on `pairs`, that the rater may judge both episodes and their texts are there. */
export const isFit = ({ projectId, raterId }: Pick<Reviewer, 'projectId' | 'raterId'>) => sql`(
  not ${inConflict(projectId, raterId, sql`pairs.first_episode_id`)}
  and not ${inConflict(projectId, raterId, sql`pairs.second_episode_id`)}
  and ${hasText(sql`pairs.first_episode_id`)} and ${hasText(sql`pairs.second_episode_id`)})`

/** SQL: a condition on `pairs`: not answered by this rater, fit for it, and answers are wanted that nobody else is at. */
export const isOpenTo = (reviewer: Pick<Reviewer, 'projectId' | 'raterId'>, now: Date) => sql`(
  not exists (select 1 from ${standing} and said.rater_id = ${reviewer.raterId})
  and pairs.answers_wanted > (
    select count(*) from ${standing} and said.kind = 'answered' and exists (select 1 from raters
      where raters.project_id = said.project_id and raters.id = said.rater_id and raters.kind = 'human')
  ) + (
    select count(*) from comparison_reservations held where held.project_id = pairs.project_id
      and held.pair_id = pairs.id and held.rater_id <> ${reviewer.raterId}
      and held.expires_at > ${now.toISOString()}::timestamptz
      and not exists (select 1 from ${standing} and said.rater_id = held.rater_id)
  )
  and ${isFit(reviewer)})`

const standing = sql`comparison_answers said where said.project_id = pairs.project_id and said.pair_id = pairs.id
  and ${isStanding}`

const hasText = (episodeId: SQL) => sql`exists (select 1 from episode_chunks
  where episode_chunks.project_id = pairs.project_id and episode_chunks.episode_id = ${episodeId}
    and episode_chunks.kind = ${CHUNK_KIND.detail})`
