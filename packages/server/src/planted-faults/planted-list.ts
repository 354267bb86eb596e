/** Planted copies with what became of them. For admins: nothing here may reach a rater. */
import type { PlantedChange, PlantedFault } from '@leeway/contract/planted-faults'
import { changedSteps } from '@leeway/core/planted-faults/changed-steps'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { readSteps } from '../episodes/chunks.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'

/** Newest first. */
export async function plantedList(executor: Executor, projectId: string): Promise<readonly PlantedFault[]> {
  return read(executor, projectId, sql`true`)
}

export async function plantedFault(
  executor: Executor,
  projectId: string,
  plantedId: string,
): Promise<PlantedFault | undefined> {
  const [found] = await read(executor, projectId, sql`fault.id = ${plantedId}`)
  return found
}

async function read(executor: Executor, projectId: string, which: SQL): Promise<readonly PlantedFault[]> {
  const { rows } = await executor.execute<PlantedFault>(sql`
    select fault.id, fault.episode_id as "episodeId", fault.criterion_sha256 as "criterionSha256",
      criteria.definition->>'question' as question, fault.operator, fault.value, fault.step,
      case when not exists (select 1 from episode_chunks where episode_chunks.project_id = fault.project_id
          and episode_chunks.episode_id = fault.id and kind = ${CHUNK_KIND.detail}) then 'without-text'
        else coalesce((select case when accepted then 'accepted' else 'rejected' end from planted_reviews
          where planted_reviews.project_id = fault.project_id and planted_reviews.planted_id = fault.id
          order by planted_reviews.id desc limit 1), 'waiting') end as state,
      (select count(*) from vetting_draws where vetting_draws.project_id = fault.project_id
        and vetting_draws.episode_id = fault.id and vetting_draws.kind = 'hidden')::int as drawn,
      said.answers, said.caught
    from planted_faults fault
    join criteria on criteria.project_id = fault.project_id and criteria.sha256 = fault.criterion_sha256
    cross join lateral (
      select count(*)::int as answers, (count(*) filter (where value #>> '{}' = fault.value))::int as caught
      from ratings
      join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'
      where ratings.project_id = fault.project_id and ratings.episode_id = fault.id
        and ratings.criterion_sha256 = fault.criterion_sha256 and ratings.kind in ('answered', 'not-applicable')
        and not exists (select 1 from ratings later
          where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    ) said
    where fault.project_id = ${projectId} and ${which}
    order by fault.id desc`)
  return rows
}

/** Null when the text of the original or of the copy is gone. */
export async function plantedChange(
  executor: Executor,
  projectId: string,
  fault: PlantedFault,
): Promise<PlantedChange | null> {
  const [original] = await storedEpisodes(executor, projectId, [fault.episodeId])
  const { rows } = await executor.execute<{ content: Buffer }>(sql`
    select content from episode_chunks where project_id = ${projectId} and episode_id = ${fault.id}
      and kind = ${CHUNK_KIND.body} order by ordinal`)
  if (original === undefined || rows.length === 0) return null
  const steps = rows.flatMap(({ content }) =>
    readSteps(content).map((step) => ({ ...step, logprobs: null })),
  ) as Parameters<typeof changedSteps>[1]['steps']
  const changes = changedSteps(original.episode, { steps })
  const of = (kind: 'removed' | 'added') =>
    changes.filter((change) => change.kind === kind).map(({ step: { logprobs: _, ...step } }) => step)
  return { fault, removed: of('removed'), added: of('added') } as PlantedChange
}
