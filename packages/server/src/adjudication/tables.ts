import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** What one person decided where others disagreed. A fact: undo and correction are new rows that supersede. */
export const adjudications = pgTable(
  'adjudications',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** Who decided, as a rater; never one who answered the question. */
    raterId: id('rater_id').notNull(),
    /** 'answered', 'not-applicable', or 'withdrawn' (undo). */
    kind: text('kind').notNull(),
    /** One of the scale's options; null unless answered. */
    value: text('value'),
    /** `DisagreementReason`; null when withdrawn. */
    reason: text('reason'),
    comment: text('comment').notNull(),
    /** Ratings that were on the table: what is answered later was not decided on. */
    ratingIds: uuid('rating_ids').array().notNull(),
    supersedes: id('supersedes'),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    // One beginning and one line of history: two people at once cannot decide twice.
    uniqueIndex('adjudications_first')
      .on(table.projectId, table.criterionSha256, table.episodeId)
      .where(sql`supersedes is null`),
    uniqueIndex('adjudications_supersedes')
      .on(table.projectId, table.supersedes)
      .where(sql`supersedes is not null`),
    index('adjudications_by_rater').on(table.projectId, table.raterId),
    index('adjudications_by_item').on(table.projectId, table.criterionSha256, table.episodeId),
  ],
)
