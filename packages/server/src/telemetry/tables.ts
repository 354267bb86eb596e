import { pgTable } from 'drizzle-orm/pg-core'
import { id } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Up to which rating answers were sent out, so that of several servers one sends each. Not a fact. */
export const telemetryCursors = pgTable('telemetry_cursors', {
  projectId: id('project_id')
    .primaryKey()
    .references(() => projects.id),
  ratingId: id('rating_id').notNull(),
})
