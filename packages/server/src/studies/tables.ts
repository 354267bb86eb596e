import { doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** A study as it was fixed before its first answer. Its hash is in the ledger. */
export const studies = pgTable(
  'studies',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    name: text('name').notNull(),
    question: text('question').notNull(),
    rubricId: id('rubric_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** The first one is the control. */
    arms: jsonb('arms').notNull(),
    raters: integer('raters').notNull(),
    itemsPerRater: integer('items_per_rater').notNull(),
    consent: text('consent').notNull(),
    /** `SetUpStudy.expected` of the contract. */
    expected: jsonb('expected').notNull(),
    /** SHA-256 (hex) of all of this, of the items and of the seed's own hash. */
    sha256: text('sha256').notNull(),
    /** Secret until the study is over: with it one could tell which help comes next. */
    seed: text('seed').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** Secret: the episodes of a study with what is known of each, and the records that arms show in their place. */
export const studyItems = pgTable(
  'study_items',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    studyId: id('study_id').notNull(),
    episodeId: id('episode_id').notNull(),
    known: text('known').notNull(),
    /** Null where no arm needs one. */
    debateId: id('debate_id'),
    consultancyId: id('consultancy_id'),
    /** Claims of core that the arm 'critique' shows, as they stood when the study was fixed. */
    claims: jsonb('claims').notNull(),
    /** `ShownPart`s that the arm 'decomposition' shows, as they stood then. */
    parts: jsonb('parts').notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.studyId, table.episodeId] })],
)

/** Who agreed to take part, and to what. */
export const studyConsents = pgTable(
  'study_consents',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    studyId: id('study_id').notNull(),
    raterId: id('rater_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.studyId, table.raterId] })],
)

/** What was drawn for a rater when it agreed: which items, in which order, with which help. */
export const studyPlaces = pgTable(
  'study_places',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    studyId: id('study_id').notNull(),
    raterId: id('rater_id').notNull(),
    /** Counts from 1. */
    place: integer('place').notNull(),
    episodeId: id('episode_id').notNull(),
    arm: text('arm').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.studyId, table.raterId, table.place] }),
    index('study_places_by_rater').on(table.projectId, table.raterId, table.episodeId),
  ],
)

export const studyAnswers = pgTable(
  'study_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    studyId: id('study_id').notNull(),
    raterId: id('rater_id').notNull(),
    place: integer('place').notNull(),
    /** 'first' (before help) or 'final'. */
    stage: text('stage').notNull(),
    value: text('value').notNull(),
    /** Of the stated answer. */
    probability: doublePrecision('probability').notNull(),
    startedAt: instant('started_at').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.studyId, table.raterId, table.place, table.stage] }),
  ],
)

/** A study that a person ended before its planned answers were in. */
export const studyStops = pgTable(
  'study_stops',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    studyId: id('study_id').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.studyId] })],
)
