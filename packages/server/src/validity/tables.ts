import { boolean, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** A round in which people say of faults whether they were planted. */
export const validityRounds = pgTable(
  'validity_rounds',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** Those who take part are told it: it must not tell the time. */
    id: id('id').notNull(),
    /** Null: every operator that has copies. */
    operator: text('operator'),
    /** Faults shown to each person, at most. */
    questions: integer('questions').notNull(),
    consent: text('consent').notNull(),
    /** Its SHA-256 is in the ledger since the round was opened; secret until the round has ended. */
    seed: text('seed').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** Nobody is taken in any more, and nobody asked. */
export const validityRoundEnds = pgTable(
  'validity_round_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    roundId: id('round_id').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.roundId] })],
)

/** Secret: what was drawn for somebody at the moment they agreed to take part. It never comes to them as anything else again. */
export const validityPlaces = pgTable(
  'validity_places',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    roundId: id('round_id').notNull(),
    raterId: id('rater_id').notNull(),
    /** Counts from 1. */
    place: integer('place').notNull(),
    /** Whose faults this guess is about, also where a natural one is shown beside them. */
    operator: text('operator').notNull(),
    /** In [0, 1), from the seed: below one half the fault shown is a planted one. */
    coin: doublePrecision('coin').notNull(),
    planted: boolean('planted').notNull(),
    /** The copy, or the episode itself. */
    episodeId: id('episode_id').notNull(),
    /** The episode that it is, or is a copy of. */
    originalId: id('original_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** The right answer, which those who take part are told. */
    value: text('value').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.roundId, table.raterId, table.place] }),
    index('validity_places_by_rater').on(table.projectId, table.raterId, table.originalId),
  ],
)

export const validityAnswers = pgTable(
  'validity_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    roundId: id('round_id').notNull(),
    raterId: id('rater_id').notNull(),
    place: integer('place').notNull(),
    saidPlanted: boolean('said_planted').notNull(),
    startedAt: instant('started_at').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.roundId, table.raterId, table.place] })],
)
