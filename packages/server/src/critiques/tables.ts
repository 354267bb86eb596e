import {
  boolean,
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

/** Who is shown critiques; the newest row holds. */
export const critiqueRules = pgTable(
  'critique_rules',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    share: doublePrecision('share').notNull(),
    missedCost: doublePrecision('missed_cost').notNull(),
    /** Least severity that is shown, and how many at most: chosen when the row was written, from what was judged by then. */
    shownFrom: text('shown_from').notNull().default('minor'),
    claimsMax: integer('claims_max').notNull().default(6),
    /** Draws the arms. */
    seed: text('seed').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** What people say is wrong, not having been asked the question. A row with `takesBack` takes that claim back. */
export const writtenClaims = pgTable(
  'written_claims',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    /** What the writer read: of a copy, where they are shown one. */
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    raterId: id('rater_id').notNull(),
    /** `Claim` of core; null when it takes one back. */
    claim: jsonb('claim'),
    takesBack: id('takes_back'),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('written_claims_by_episode').on(table.projectId, table.episodeId, table.criterionSha256),
    index('written_claims_by_rater').on(table.projectId, table.raterId),
  ],
)

/** Secret: false claims, mixed among the others to see who believes them. */
export const plantedClaims = pgTable(
  'planted_claims',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** `Claim` of core. */
    claim: jsonb('claim').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** What a rater was shown after a first answer; in the arm 'none' what would have been. Which claims are planted is secret. */
export const critiqueReveals = pgTable(
  'critique_reveals',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    assignmentId: id('assignment_id').notNull(),
    /** The first answer. */
    ratingId: id('rating_id').notNull(),
    /** 'critique' or 'none'. */
    arm: text('arm').notNull(),
    /** Claims of core in the order shown, each with the author's rating, or the id of what was planted. */
    claims: jsonb('claims').notNull(),
    /** All that there was, whatever the rules leave out: drawn for some, so that the leaving out stays measured. */
    whole: boolean('whole').notNull().default(true),
    /** The probability with which 'critique' was drawn; null: it was not kept then. */
    share: doublePrecision('share'),
    /** The plan of the question that set it; null: the rules did. */
    planId: id('plan_id'),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.raterId, table.assignmentId] })],
)

/** What a rater says of a claim; the newest row holds. */
export const claimMarks = pgTable(
  'claim_marks',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    assignmentId: id('assignment_id').notNull(),
    id: id('id').notNull(),
    /** Place in `critique_reveals.claims`. */
    claim: integer('claim').notNull(),
    mark: text('mark').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.raterId, table.assignmentId, table.id] })],
)
