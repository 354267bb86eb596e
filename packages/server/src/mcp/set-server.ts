/** Where the servers are that the MCP gate stands before, as an admin sets and sees them. */
import type { McpServerList, SetMcpServer } from '@leeway/contract/mcp'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { requireProviderKey } from '../accounts/require-provider-key.ts'
import type { Executor } from '../db/connect.ts'
import { requirePlainAddress } from '../gateway/require-plain-address.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { mcpServers } from './tables.ts'

/** A name that is there already gets a new address from now on. Throws AppError. */
export async function setMcpServer(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof SetMcpServer>,
): Promise<void> {
  requirePlainAddress(wanted.url, 'body.url')
  const id = effects.newId()
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    if (wanted.providerKeyId !== undefined) await requireProviderKey(tx, projectId, wanted.providerKeyId)
    const { seq: ledgerSeq } = await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'mcp-server.set',
      body: { server: id, providerKey: wanted.providerKeyId ?? null },
    })
    await tx.insert(mcpServers).values({
      projectId,
      ledgerSeq,
      id,
      name: wanted.name,
      url: wanted.url,
      providerKeyId: wanted.providerKeyId ?? null,
      timeoutMs: wanted.timeoutSeconds * 1_000,
      actor,
      at,
    })
  })
}

export async function listMcpServers(executor: Executor, projectId: string): Promise<McpServerList> {
  const found = await executor.execute<{
    name: string
    url: string
    key_name: string | null
    timeout_ms: number
    at: string
  }>(sql`
    select newest.name, url, provider_keys.name as key_name, timeout_ms, at from (
      select distinct on (name) * from mcp_servers where project_id = ${projectId} order by name, ledger_seq desc
    ) newest
    left join provider_keys on provider_keys.project_id = newest.project_id
      and provider_keys.id = newest.provider_key_id and revoked_at is null
    order by newest.name`)
  return {
    items: found.rows.map((row) => ({
      name: row.name,
      url: row.url,
      keyName: row.key_name,
      timeoutSeconds: row.timeout_ms / 1_000,
      at: new Date(row.at).toISOString(),
    })),
  }
}
