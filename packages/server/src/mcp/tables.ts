import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Servers that the MCP gate stands before. The newest row of a name holds. */
export const mcpServers = pgTable(
  'mcp_servers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    name: text('name').notNull(),
    /** Of its streamable HTTP endpoint. */
    url: text('url').notNull(),
    /** A sealed key of the project; null where none is sent. */
    providerKeyId: id('provider_key_id'),
    timeoutMs: integer('timeout_ms').notNull(),
    actor: text('actor').notNull(),
    /** Of its ledger entry: orders the rows whatever clocks said. */
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('mcp_servers_by_name').on(table.projectId, table.name, table.ledgerSeq),
  ],
)
