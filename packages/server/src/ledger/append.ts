/**
 * Appends to a project's hash chain, in the caller's transaction: the act and its record stand or fall together.
 *
 * Knows `ledger_entries` and how an entry is hashed and signed. Knows nothing of what the actions mean.
 */
import { createHash, type KeyObject, sign } from 'node:crypto'
import canonicalize from 'canonicalize'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { ledgerEntries } from './tables.ts'

export type LedgerSigner = { readonly keyId: string; readonly privateKey: KeyObject }

export type LedgerEntry = {
  readonly projectId: string
  readonly at: Date
  readonly actor: string
  /** Noun-verb, e.g. `release.started`. */
  readonly action: string
  /** JSON without personal content: ids, numbers, hashes. */
  readonly body: unknown
}

/** Hash of the entry before the first one. */
export const LEDGER_GENESIS = '0'.repeat(64)

export async function appendLedger(
  tx: Transaction,
  signer: LedgerSigner,
  entry: LedgerEntry,
): Promise<{ readonly seq: number; readonly hash: string }> {
  // Serialises writers of one project's chain until commit; other projects go on.
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('ledger:' || ${entry.projectId}::text, 0))`,
  )
  const found = await tx.execute<{ seq: string; hash: string }>(
    sql`select seq, hash from ledger_entries where project_id = ${entry.projectId} order by seq desc limit 1`,
  )
  const last = found.rows[0]
  const seq = last === undefined ? 1 : Number(last.seq) + 1
  const prevHash = last === undefined ? LEDGER_GENESIS : last.hash
  const hash = ledgerHash({ ...entry, seq, prevHash })
  const signature = sign(null, Buffer.from(`${entry.projectId}:${seq}:${hash}`), signer.privateKey).toString(
    'base64',
  )
  await tx.insert(ledgerEntries).values({ ...entry, seq, prevHash, hash, signature, keyId: signer.keyId })
  return { seq, hash }
}

/** SHA-256 (hex) over the RFC 8785 canonical JSON of everything the entry says. */
export function ledgerHash(entry: LedgerEntry & { readonly seq: number; readonly prevHash: string }): string {
  const text = canonicalize({
    projectId: entry.projectId,
    seq: entry.seq,
    at: entry.at.toISOString(),
    actor: entry.actor,
    action: entry.action,
    body: entry.body,
    prevHash: entry.prevHash,
  })
  if (text === undefined) throw new Error('ledger body is not JSON')
  return createHash('sha256').update(text).digest('hex')
}
