import { boolean, foreignKey, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { agents, projects } from '../projects/tables.ts'

/** One immutable agent configuration. `configSha256` is '' for an undeclared policy. */
export const policies = pgTable(
  'policies',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    name: text('name').notNull(),
    configSha256: text('config_sha256').notNull(),
    config: jsonb('config'),
    declared: boolean('declared').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    unique().on(table.projectId, table.agentId, table.name, table.configSha256),
    foreignKey({ columns: [table.projectId, table.agentId], foreignColumns: [agents.projectId, agents.id] }),
  ],
)
