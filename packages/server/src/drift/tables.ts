import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** How an agent's conversations of a week differ from its rated ones. The newest row of an agent holds. */
export const driftReadings = pgTable(
  'drift_readings',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    since: instant('since').notNull(),
    /** Repeats which conversations were drawn to be read. */
    seed: integer('seed').notNull(),
    /** `UnlikeView` of the contract. */
    asked: jsonb('asked').notNull(),
    done: jsonb('done').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('drift_readings_by_agent').on(table.projectId, table.agentId, table.at),
  ],
)

/** From which share on drift alerts. The newest row of a project holds. */
export const driftLimits = pgTable(
  'drift_limits',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    /** Null: none. */
    shareMax: doublePrecision('share_max'),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.ledgerSeq] })],
)
