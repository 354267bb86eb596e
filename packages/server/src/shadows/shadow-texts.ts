/** The words of pairs of answers until they are drawn: as short as can be, and only where a release could read them. */
import type { Json } from '@leeway/core/episodes/episode'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export type ShadowText = {
  /** What both were asked, as chat messages. */
  readonly asked: readonly Json[]
  readonly baseline: Json
  readonly candidate: Json
}

/** Keeps nothing where the truth of the release is an outcome, which one answer does not have. */
export async function keepShadowText(
  executor: Executor,
  { projectId, turnId, releaseId }: { projectId: string; turnId: string; releaseId: string },
  text: ShadowText,
): Promise<void> {
  await executor.execute(sql`
    insert into shadow_texts (project_id, turn_id, release_id, body)
    select ${projectId}::uuid, ${turnId}::uuid, id, ${JSON.stringify(text)} from releases
    where project_id = ${projectId} and id = ${releaseId} and unit_source = 'stream' and truth ->> 'kind' = 'criterion'
    on conflict do nothing`)
}
