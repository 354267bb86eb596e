/** Servers as the gate reaches them, read in the transaction that reads all else that is enforced. */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { agentKey, type McpServer } from '../gateway/bundle.ts'
import { withOpenedKeys } from '../gateway/opened-keys.ts'

export async function readMcpServers(
  tx: Transaction,
  sealingKey: Uint8Array,
): Promise<ReadonlyMap<string, McpServer>> {
  const found = await tx.execute<{
    project_id: string
    id: string
    name: string
    url: string
    timeout_ms: number
    key_id: string | null
    sealed: string | null
  }>(sql`
    select newest.project_id, newest.id, newest.name, url, timeout_ms, provider_key_id as key_id, provider_keys.sealed
    from (
      select distinct on (project_id, name) * from mcp_servers order by project_id, name, ledger_seq desc
    ) newest
    left join provider_keys on provider_keys.project_id = newest.project_id
      and provider_keys.id = newest.provider_key_id and provider_keys.revoked_at is null`)
  return new Map(
    withOpenedKeys(sealingKey, found.rows).map((row) => [
      agentKey(row.project_id, row.name),
      {
        projectId: row.project_id,
        id: row.id,
        name: row.name,
        url: row.url,
        key: row.key,
        timeoutMs: row.timeout_ms,
      },
    ]),
  )
}
