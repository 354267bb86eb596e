/** Alerts that began and have not ended, the oldest first. */
import type { AlertView } from '@leeway/contract/alerts'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export async function standingAlerts(
  executor: Executor,
  projectId: string,
): Promise<readonly (AlertView & { readonly place: string })[]> {
  const found = await executor.execute<{
    id: string
    kind: AlertView['kind']
    place: string
    sentence: string
    at: string
  }>(sql`
    select id, kind, place, sentence, at from alerts where project_id = ${projectId} and not exists (
      select from alert_ends ends where ends.project_id = alerts.project_id and ends.alert_id = alerts.id)
    order by at, id`)
  return found.rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }))
}
