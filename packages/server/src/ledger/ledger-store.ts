/** Knows `ledger_entries`: reading it in order. Knows nothing of what makes a chain whole. */
import type { LedgerEntry, LedgerHead } from '@leeway/contract/ledger'
import { and, asc, desc, eq, gt, gte, lt } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { LEDGER_GENESIS } from './append.ts'
import { ledgerEntries } from './tables.ts'

/** Entries read at once when walking a whole chain. */
const BATCH = 1_000

export async function readLedgerHead(db: Executor, projectId: string): Promise<LedgerHead> {
  const [last] = await db
    .select({ seq: ledgerEntries.seq, hash: ledgerEntries.hash })
    .from(ledgerEntries)
    .where(eq(ledgerEntries.projectId, projectId))
    .orderBy(desc(ledgerEntries.seq))
    .limit(1)
  const { seq, hash } = last ?? { seq: 0, hash: LEDGER_GENESIS }
  return { seq, hash, text: `${seq}:${hash}` }
}

export type LedgerFilter = {
  readonly action?: string | undefined
  readonly actor?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Newest first, before `beforeSeq`. */
export async function findLedgerEntries(
  db: Executor,
  projectId: string,
  filter: LedgerFilter & { readonly beforeSeq: number | undefined; readonly limit: number },
): Promise<readonly LedgerEntry[]> {
  const rows = await db
    .select()
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.projectId, projectId),
        filter.beforeSeq === undefined ? undefined : lt(ledgerEntries.seq, filter.beforeSeq),
        filter.action === undefined ? undefined : eq(ledgerEntries.action, filter.action),
        filter.actor === undefined ? undefined : eq(ledgerEntries.actor, filter.actor),
        filter.from === undefined ? undefined : gte(ledgerEntries.at, new Date(filter.from)),
        filter.to === undefined ? undefined : lt(ledgerEntries.at, new Date(filter.to)),
      ),
    )
    .orderBy(desc(ledgerEntries.seq))
    .limit(filter.limit)
  return rows.map(entryOf)
}

/** The whole chain from the first entry on, a thousand at a time. */
export async function* walkLedger(db: Executor, projectId: string): AsyncGenerator<LedgerEntry> {
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const rows = await db
      .select()
      .from(ledgerEntries)
      .where(and(eq(ledgerEntries.projectId, projectId), gt(ledgerEntries.seq, after)))
      .orderBy(asc(ledgerEntries.seq))
      .limit(BATCH)
    for (const row of rows) yield entryOf(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < BATCH) return
    after = last.seq
  }
}

function entryOf(row: typeof ledgerEntries.$inferSelect): LedgerEntry {
  const { seq, actor, action, body, prevHash, hash, signature, keyId } = row
  return { seq, at: row.at.toISOString(), actor, action, body, prevHash, hash, signature, keyId }
}
