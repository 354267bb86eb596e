/** What a critic may write about: the questions that people are asked about an episode, with the critic's own claims alone. */
import type { CriticSheet } from '@leeway/contract/critiques'
import type { Claim } from '@leeway/core/critiques/claim'
import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import type { Executor } from '../db/connect.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { newestRubrics, rubricOf } from '../rubrics/stored-rubrics.ts'
import type { EpisodeRead } from './episode-read.ts'

export async function criticSheet(
  executor: Executor,
  critic: Reviewer,
  episode: EpisodeRead,
): Promise<CriticSheet> {
  const asked = new Map<string, Criterion>()
  for (const row of await newestRubrics(executor, critic.projectId, episode.agentId))
    for (const criterion of criteriaOf(rubricOf(row)))
      if (criterion.answeredBy.includes('human') && criterion.scale.kind !== 'pairwise')
        asked.set(criterionSha256(criterion), criterion)
  const own = await ownClaims(executor, critic, episode.id)
  const met = await askedThemselves(executor, critic, episode.id)
  return {
    questions: [...asked].map(([sha256, { question, guidance }]) => ({
      criterionSha256: sha256,
      question,
      guidance,
      isOwn: met.has(sha256),
      claims: own
        .filter((one) => one.criterionSha256 === sha256)
        .map(({ id, claim: { text, severity, step, quote } }) => ({ id, text, severity, step, quote })),
    })),
  }
}

async function ownClaims(executor: Executor, { projectId, raterId }: Reviewer, episodeId: string) {
  const { rows } = await executor.execute<{ id: string; criterionSha256: string; claim: Claim }>(sql`
    select id, criterion_sha256 as "criterionSha256", claim from written_claims written
    where project_id = ${projectId} and rater_id = ${raterId} and episode_id = ${episodeId} and claim is not null
      and not exists (select 1 from written_claims later
        where later.project_id = written.project_id and later.takes_back = written.id)
    order by id`)
  return rows
}

/** Questions about the episode that the critic answered or skipped, or was given. */
async function askedThemselves(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  episodeId: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await executor.execute<{ sha256: string }>(sql`
    select criterion_sha256 as sha256 from ratings
    where project_id = ${projectId} and rater_id = ${raterId} and episode_id = ${episodeId}
    union select criterion_sha256 from reservations
    join assignments on assignments.project_id = reservations.project_id and assignments.id = assignment_id
    where reservations.project_id = ${projectId} and reservations.rater_id = ${raterId}
      and assignments.episode_id = ${episodeId}`)
  return new Set(rows.map(({ sha256 }) => sha256))
}
