import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** A question as several smaller ones; the newest row of a question holds. Without parts: it is split no more. */
export const splits = pgTable(
  'splits',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** The rubric under which its parts are asked. */
    rubricId: id('rubric_id').notNull(),
    /** `SplitRule` of core. */
    rule: text('rule').notNull(),
    /** Hashes of criteria, in order. */
    parts: text('parts').array().notNull(),
    /** People who shall answer each part. */
    answersWanted: integer('answers_wanted').notNull(),
    /** The model rater that answers each part; null: none. */
    judgeId: id('judge_id'),
    /** `SplitPlan` of the contract: what was foreseen when it was saved. */
    plan: jsonb('plan').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('splits_by_criterion').on(table.projectId, table.criterionSha256, table.id),
  ],
)

/** Limits of what is asked below one question about one episode, and who is shown it; the newest row holds. */
export const splitRules = pgTable(
  'split_rules',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    share: doublePrecision('share').notNull(),
    depthMax: integer('depth_max').notNull(),
    answersMax: integer('answers_max').notNull(),
    usdMax: doublePrecision('usd_max').notNull(),
    /** Draws the arms. */
    seed: text('seed').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** Secret: the parts of one question about one episode were put to raters, and at which price. */
export const splitOpenings = pgTable(
  'split_openings',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    /** Of the question at the top. */
    splitId: id('split_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    episodeId: id('episode_id').notNull(),
    /** `OpenedPart`s: what was asked, of how many people, and whether of a model. */
    asked: jsonb('asked').notNull(),
    /** Hashes of parts that the limits left out. */
    leftOut: text('left_out').array().notNull(),
    answers: integer('answers').notNull(),
    /** The most that models can cost for it, US dollars. */
    usdMax: doublePrecision('usd_max').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    // Two servers open no part twice.
    uniqueIndex('split_openings_once').on(table.projectId, table.splitId, table.episodeId),
    index('split_openings_by_item').on(table.projectId, table.criterionSha256, table.episodeId),
  ],
)

/** What a rater was shown of the parts after a first answer; in the arm 'none' what would have been. */
export const splitReveals = pgTable(
  'split_reveals',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    assignmentId: id('assignment_id').notNull(),
    /** The first answer. */
    ratingId: id('rating_id').notNull(),
    splitId: id('split_id').notNull(),
    episodeId: id('episode_id').notNull(),
    /** 'decomposition' or 'none', drawn at this probability of the first. */
    arm: text('arm').notNull(),
    share: doublePrecision('share').notNull(),
    /** The plan of the question that set it; null: the rules did. */
    planId: id('plan_id'),
    /** `ShownPart`s in the order shown, each with the ratings it was taken from. */
    parts: jsonb('parts').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.raterId, table.assignmentId] }),
    index('split_reveals_by_episode').on(table.projectId, table.raterId, table.episodeId),
  ],
)

/** What a rater says of a part with others' answers in view: no rating, for it is not blind. The newest row holds. */
export const partAnswers = pgTable(
  'part_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    assignmentId: id('assignment_id').notNull(),
    id: id('id').notNull(),
    /** Place in `split_reveals.parts`. */
    part: integer('part').notNull(),
    value: text('value').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.raterId, table.assignmentId, table.id] })],
)
