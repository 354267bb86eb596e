import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Something that whoever is on call should know began. It stands until its end. */
export const alerts = pgTable(
  'alerts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    /** `AlertKind` of the contract. */
    kind: text('kind').notNull(),
    /** Which of its kind: an upstream, a release, an agent. One of a kind and place stands at a time. */
    place: text('place').notNull(),
    /** What is so, and what to do. No words of a conversation. */
    sentence: text('sentence').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('alerts_by_time').on(table.projectId, table.at),
  ],
)

export const alertEnds = pgTable(
  'alert_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    alertId: id('alert_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.alertId] })],
)
