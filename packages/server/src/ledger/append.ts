/**
 * Appends to a project's hash chain, in the caller's transaction: the act and its record stand or fall together.
 *
 * Knows `ledger_entries` and how an entry is hashed and signed. Knows nothing of what the actions mean.
 */
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { KEY_ADDED } from '@leeway/contract/ledger-chain'
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

export const NAMED = 'named:'

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
  const found = await tx.execute<{ seq: string; hash: string; keyId: string }>(
    sql`select seq, hash, key_id as "keyId" from ledger_entries
        where project_id = ${entry.projectId} order by seq desc limit 1`,
  )
  const last = found.rows[0]
  let head = { seq: Number(last?.seq ?? 0), hash: last?.hash ?? LEDGER_GENESIS }
  if (last?.keyId !== signer.keyId && !(await isIntroduced(tx, entry.projectId, signer.keyId))) {
    head = await write(tx, signer, head, introduction(signer, entry))
  }
  return write(tx, signer, head, entry)
}

/**
 * An API key may act for a person it names (`named:Ada Lovelace (key …)`). A name is personal data and the chain never
 * forgets, so it holds a hash; who it was stands in the decision.
 */
export function ledgerActor(projectId: string, actor: string): string {
  if (!actor.startsWith(NAMED)) return actor
  return `${NAMED}${createHash('sha256').update(`${projectId}\n${actor}`).digest('hex')}`
}

type Head = { readonly seq: number; readonly hash: string }

async function write(tx: Transaction, signer: LedgerSigner, head: Head, given: LedgerEntry): Promise<Head> {
  const seq = head.seq + 1
  const prevHash = head.hash
  const entry = { ...given, actor: ledgerActor(given.projectId, given.actor) }
  const hash = ledgerHash({ ...entry, seq, prevHash })
  const signature = sign(null, Buffer.from(`${entry.projectId}:${seq}:${hash}`), signer.privateKey).toString(
    'base64',
  )
  await tx.insert(ledgerEntries).values({ ...entry, seq, prevHash, hash, signature, keyId: signer.keyId })
  return { seq, hash }
}

/**
 * The public key, in the chain itself before its first signature: an exported ledger, or one restored beside another
 * key, can be verified without asking anybody for keys.
 */
function introduction(signer: LedgerSigner, entry: LedgerEntry): LedgerEntry {
  const publicKey = createPublicKey(signer.privateKey).export({ type: 'spki', format: 'der' })
  return {
    projectId: entry.projectId,
    at: entry.at,
    actor: 'server',
    action: KEY_ADDED,
    body: { keyId: signer.keyId, publicKey: publicKey.toString('base64') },
  }
}

async function isIntroduced(tx: Transaction, projectId: string, keyId: string): Promise<boolean> {
  const found = await tx.execute(
    sql`select 1 from ledger_entries
        where project_id = ${projectId} and action = ${KEY_ADDED} and body->>'keyId' = ${keyId} limit 1`,
  )
  return found.rows.length > 0
}

/** SHA-256 (hex) over the RFC 8785 canonical JSON of everything the entry says. */
function ledgerHash(entry: LedgerEntry & { readonly seq: number; readonly prevHash: string }): string {
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
