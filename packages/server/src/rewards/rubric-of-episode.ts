import { and, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { episodes } from '../episodes/tables.ts'
import { AppError } from '../http/app-error.ts'
import { findRubric, newestRubrics, type RubricRow } from '../rubrics/stored-rubrics.ts'

/** The named rubric of the episode's agent, else its newest; undefined while there is none. Throws AppError not_found. */
export async function rubricOfEpisode(
  executor: Executor,
  projectId: string,
  episodeId: string,
  rubricId: string | undefined,
): Promise<RubricRow | undefined> {
  const [episode] = await executor
    .select({ agentId: episodes.agentId })
    .from(episodes)
    .where(and(eq(episodes.projectId, projectId), eq(episodes.id, episodeId)))
  if (!episode)
    throw new AppError(
      'not_found',
      'There is no such episode in this project.',
      'List the episodes to find it.',
    )
  if (rubricId === undefined) return (await newestRubrics(executor, projectId, episode.agentId))[0]
  const row = await findRubric(executor, projectId, rubricId)
  if (row === undefined || row.agentId !== episode.agentId)
    throw new AppError('not_found', "The episode's agent has no such rubric.", 'List the rubrics to find it.')
  return row
}
