import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** How raters of a project are vetted; the newest row holds. Secret: with the seed one could tell which questions are known. */
export const vettingRules = pgTable(
  'vetting_rules',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    /** Chance of being right above which a rater is vetted, and below which suspended. */
    bar: doublePrecision('bar').notNull(),
    floor: doublePrecision('floor').notNull(),
    /** Share of a rater's questions whose answer is known. */
    hiddenShare: doublePrecision('hidden_share').notNull(),
    /** Questions of the round before the first real one; 0: none. */
    roundQuestions: integer('round_questions').notNull(),
    /** A known answer that so many people have met is shown to nobody else: by then it may have been passed on. */
    exposuresMax: integer('exposures_max').notNull(),
    seed: text('seed').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** Secret: a known answer was drawn for a rater, who meets it once. */
export const vettingDraws = pgTable(
  'vetting_draws',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    /** Of a draw among real questions: the assignment's. Of a round: the question's own; as raters see it, it must not tell the time. */
    id: id('id').notNull(),
    /** 'round' (told afterwards what was right), 'hidden' (among real questions) or 'beside' (on the sheet of a hidden one). */
    kind: text('kind').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.raterId, table.id] }),
    unique().on(table.projectId, table.raterId, table.episodeId, table.criterionSha256),
    index('vetting_draws_by_item').on(table.projectId, table.criterionSha256, table.episodeId),
  ],
)

/** Answers of qualification rounds: never among the ratings, so that nothing counts them as work. The rater knows all of it. */
export const roundAnswers = pgTable(
  'round_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    drawId: id('draw_id').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** `CommittedAnswer`. */
    answer: jsonb('answer').notNull(),
    /** Null when skipped. */
    isRight: boolean('is_right'),
    startedAt: instant('started_at').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.raterId, table.drawId] }),
    unique().on(table.projectId, table.raterId, table.criterionSha256, table.episodeId),
  ],
)

/** A known answer that nobody is asked any more, and why. Answers given before count as they did: nobody drops what speaks against them. */
export const goldRetirements = pgTable(
  'gold_retirements',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** 'leaked' (said by a person) or 'overexposed' (by the server, once enough people have met it). */
    kind: text('kind').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.criterionSha256, table.episodeId] })],
)
