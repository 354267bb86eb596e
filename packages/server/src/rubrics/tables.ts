import { foreignKey, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { agents, projects } from '../projects/tables.ts'

/** A version of a rubric; never edited. The newest version of an agent's rubric is applied to its new episodes. */
export const rubrics = pgTable(
  'rubrics',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    /** SHA-256 (hex) of the canonical definition. */
    sha256: text('sha256').notNull(),
    /** `Rubric` of core. */
    definition: jsonb('definition').notNull(),
    /** What the person wrote, to show and to go on from. */
    source: text('source').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    unique().on(table.projectId, table.agentId, table.name, table.version),
    foreignKey({ columns: [table.projectId, table.agentId], foreignColumns: [agents.projectId, agents.id] }),
  ],
)

/** One question under its content hash. Ratings point here, so that a new rubric version keeps them. */
export const criteria = pgTable(
  'criteria',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** SHA-256 (hex) of question, scale, guidance and who may answer. */
    sha256: text('sha256').notNull(),
    /** `Criterion` of core, under the name it first had. */
    definition: jsonb('definition').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.sha256] })],
)
