import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'

/** From now on the rater is shown the copy in the place of the episode. False: it is shown another copy already. */
export async function showCopy(
  tx: Transaction,
  { newId, now }: Pick<Effects, 'newId' | 'now'>,
  shown: {
    readonly projectId: string
    readonly raterId: string
    readonly episodeId: string
    readonly copyId: string
  },
): Promise<boolean> {
  const { projectId, raterId, episodeId, copyId } = shown
  const { rows } = await tx.execute(sql`
    insert into rater_copies (project_id, rater_id, episode_id, copy_id, id, step_count, error_count, at)
    select project_id, ${raterId}, ${episodeId}, id, ${newId()}, step_count, error_count,
      ${now().toISOString()}::timestamptz
    from planted_faults where project_id = ${projectId} and id = ${copyId}
    on conflict do nothing returning 1`)
  return rows.length > 0
}
