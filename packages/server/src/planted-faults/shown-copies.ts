/** Which episodes a person is shown a copy of. For their own requests: who looks as an admin sees the episodes themselves. */
import { sql } from 'drizzle-orm'
import type { Database } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import type { Principal } from '../http/environment.ts'

export type ShownCopy = {
  readonly episodeId: string
  readonly copyId: string
  readonly stepCount: number
  readonly errorCount: number
}
export type ShownCopies = {
  /** By the episode's own id. */
  readonly of: ReadonlyMap<string, ShownCopy>
  /** What the person knows the episode or copy as: the id that its alias is made of. */
  readonly knownAs: (episodeId: string) => string
}

const NONE: ShownCopies = { of: new Map(), knownAs: (episodeId) => episodeId }

/** Copies are drawn for people alone, never for API keys. */
export async function shownCopies(
  db: Database,
  projectId: string,
  principal: Principal,
): Promise<ShownCopies> {
  if (principal.kind !== 'person') return NONE
  const rows = await executePrepared<{
    episode_id: string
    copy_id: string
    step_count: number
    error_count: number
  }>(
    db,
    'shown_copies',
    sql`select episode_id, copy_id, step_count, error_count from rater_copies
      join raters on raters.project_id = rater_copies.project_id and raters.id = rater_copies.rater_id
      where rater_copies.project_id = ${projectId} and raters.user_id = ${principal.userId}`,
  )
  if (rows.length === 0) return NONE
  const copies = rows.map((row) => ({
    episodeId: row.episode_id,
    copyId: row.copy_id,
    stepCount: row.step_count,
    errorCount: row.error_count,
  }))
  const originals = new Map(copies.map(({ copyId, episodeId }) => [copyId, episodeId]))
  return {
    of: new Map(copies.map((copy) => [copy.episodeId, copy])),
    knownAs: (episodeId) => originals.get(episodeId) ?? episodeId,
  }
}
