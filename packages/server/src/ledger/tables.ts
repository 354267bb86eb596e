import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** One hash chain per project. `hash` = SHA-256(canonical JSON of {seq, at, actor, action, body, prevHash}). */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    /** Noun-verb, e.g. `release.started`. */
    action: text('action').notNull(),
    /** No personal content: ids, numbers and hashes. */
    body: jsonb('body').notNull(),
    prevHash: text('prev_hash').notNull(),
    hash: text('hash').notNull(),
    /** Ed25519 over `projectId:seq:hash` with the data directory's ledger key, base64. */
    signature: text('signature').notNull(),
    keyId: text('key_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.seq] }),
    // Every approval and every reading of contracts asks for the key that signed it.
    index('ledger_keys').on(table.projectId, sql`(body->>'keyId')`).where(sql`action = 'ledger.key_added'`),
  ],
)
