import { boolean, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/**
 * Secret: a copy of an episode with one fault in it. It has no header among the episodes, so that nothing counts it as a run of
 * the agent; its text is in `episode_chunks` under its own id.
 */
export const plantedFaults = pgTable(
  'planted_faults',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** The copy. */
    id: id('id').notNull(),
    /** The original. */
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    operator: text('operator').notNull(),
    /** The right answer on the copy. */
    value: text('value').notNull(),
    step: integer('step').notNull(),
    stepCount: integer('step_count').notNull(),
    errorCount: integer('error_count').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    unique().on(table.projectId, table.episodeId, table.criterionSha256, table.operator),
  ],
)

/** Secret: somebody looked at a copy beside its original. The newest row holds; without one it is shown to nobody. */
export const plantedReviews = pgTable(
  'planted_reviews',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    plantedId: id('planted_id').notNull(),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    accepted: boolean('accepted').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.plantedId, table.id] })],
)

/**
 * What a rater is shown in the place of an episode, from then on and under the same alias; of the episode itself it is asked
 * nothing. Says nothing of why, so that statements for raters may read it.
 */
export const raterCopies = pgTable(
  'rater_copies',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    episodeId: id('episode_id').notNull(),
    copyId: id('copy_id').notNull(),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    stepCount: integer('step_count').notNull(),
    errorCount: integer('error_count').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.raterId, table.episodeId] }),
    index('rater_copies_by_copy').on(table.projectId, table.copyId, table.raterId),
  ],
)

/** A rater was advised to take a pause. Made while the rater is away, and long after the last answer that it rests on. */
export const pauseNotes = pgTable(
  'pause_notes',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    /** The rater is told it: random, and so in no order. */
    id: id('id').notNull(),
    /** Secret: it rests on answers up to this instant. */
    upto: instant('upto').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.raterId, table.id] })],
)

/** The rater has read it. */
export const pauseNoteEnds = pgTable(
  'pause_note_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    noteId: id('note_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.raterId, table.noteId] })],
)
