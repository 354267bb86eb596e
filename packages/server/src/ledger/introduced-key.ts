import { KEY_ADDED } from '@leeway/contract/ledger-chain'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

/** The public key (SPKI in DER, base64) as the project's ledger introduced it; null when it does not know the key. */
export async function introducedKey(
  executor: Executor,
  projectId: string,
  keyId: string,
): Promise<string | null> {
  const found = await executor.execute<{ key: string }>(sql`
    select body->>'publicKey' as key from ledger_entries
    where project_id = ${projectId} and action = ${KEY_ADDED} and body->>'keyId' = ${keyId} limit 1`)
  return found.rows[0]?.key ?? null
}
