import { foreignKey, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { agents, projects } from '../projects/tables.ts'

/** A version of an agent's autonomy contract; the newest holds. Signed, so that whoever enforces it need not trust where it came from. */
export const autonomyContracts = pgTable(
  'autonomy_contracts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    agentId: id('agent_id').notNull(),
    /** 1, 2, 3 … of the agent. */
    version: integer('version').notNull(),
    /** `AutonomyContract` of core. */
    document: jsonb('document').notNull(),
    /** SHA-256 (hex) of the document's canonical JSON. */
    sha256: text('sha256').notNull(),
    /** Ed25519, base64. */
    signature: text('signature').notNull(),
    keyId: text('key_id').notNull(),
    actor: text('actor').notNull(),
    reason: text('reason').notNull(),
    issuedAt: instant('issued_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.agentId, table.version] }),
    foreignKey({ columns: [table.projectId, table.agentId], foreignColumns: [agents.projectId, agents.id] }),
  ],
)
