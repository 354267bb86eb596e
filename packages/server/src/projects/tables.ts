import { integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'

export const projects = pgTable('projects', {
  id: id('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  /** Days an episode's body is kept; null keeps it until somebody erases it. */
  retentionDays: integer('retention_days'),
  /** Field and pattern rules applied before the first write: `RedactionRules` of the contract. */
  redaction: jsonb('redaction').notNull(),
  createdAt: instant('created_at').notNull(),
})

export const agents = pgTable(
  'agents',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] }), unique().on(table.projectId, table.name)],
)

/** Answers already given to a POST, so that a client may repeat it safely. Kept 24 hours. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    key: text('key').notNull(),
    route: text('route').notNull(),
    requestSha256: text('request_sha256').notNull(),
    status: integer('status'),
    response: jsonb('response'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.route, table.key] })],
)
