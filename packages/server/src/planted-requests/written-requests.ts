import type { WrittenRequests } from '@leeway/contract/planted-requests'
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { toldUntil } from './request-answers.ts'

/** Those that one wrote oneself, newest first. Whether one has come is told as late as what people made of it. */
export async function writtenRequestsOf(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { projectId, actor }: { readonly projectId: string; readonly actor: string },
): Promise<WrittenRequests> {
  const until = toldUntil(now()).toISOString()
  const { rows } = await db.execute<{
    id: string
    agent: string
    tool: string
    reason: string
    incident_id: string | null
    at: string
    state: WrittenRequests['items'][number]['state']
  }>(sql`
    select written.id, agents.name as agent, tool, reason, incident_id, written.at,
      case when planted.at < ${until}::timestamptz then 'planted' when ended.at is not null then 'withdrawn' else 'kept' end as state
    from written_requests written
    join agents on agents.project_id = written.project_id and agents.id = written.agent_id
    left join written_request_ends ended on ended.project_id = written.project_id and ended.request_id = written.id
    left join planted_requests planted on planted.project_id = written.project_id and planted.written_id = written.id
    where written.project_id = ${projectId} and written.actor = ${actor}
    order by written.id desc limit 200`)
  return {
    items: rows.map(({ incident_id: incidentId, at, ...row }) => ({
      ...row,
      incidentId,
      at: new Date(at).toISOString(),
    })),
  }
}
