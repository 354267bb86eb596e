/** Releases whose candidate is the policy that is promoted now: of each agent the one that was completed last. */
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export type Promoted = { readonly projectId: string; readonly releaseId: string; readonly checkId: string }

export async function promotedReleases(executor: Executor): Promise<readonly Promoted[]> {
  const found = await executor.execute<{ project_id: string; release_id: string; check_id: string }>(sql`
    select distinct on (releases.project_id, releases.agent_id) releases.project_id, release_id, check_id
    from decisions join releases on releases.project_id = decisions.project_id and releases.id = release_id
    where kind = 'complete' and check_id is not null
    order by releases.project_id, releases.agent_id, decisions.ledger_seq desc`)
  return found.rows.map((row) => ({
    projectId: row.project_id,
    releaseId: row.release_id,
    checkId: row.check_id,
  }))
}
