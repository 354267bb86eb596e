import { sql } from 'drizzle-orm'
import {
  boolean,
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

/** A wish to have episodes of an agent compared. Which pairs it came to is in `comparisonPairs`. */
export const comparisonRequests = pgTable(
  'comparison_requests',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    rubricId: id('rubric_id').notNull(),
    agentId: id('agent_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** Ids of policies; of one alone, its runs of the same unit are compared. Empty: one pair with a known answer. */
    policies: jsonb('policies').notNull(),
    answersWanted: integer('answers_wanted').notNull(),
    /** Ids of model raters that are asked about every pair, in both orders. */
    judges: jsonb('judges').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('comparison_requests_question').on(table.projectId, table.agentId, table.criterionSha256),
  ],
)

/** Two episodes of one unit, asked about once for each criterion. Whose they are is not in it: raters' queries read this. */
export const comparisonPairs = pgTable(
  'comparison_pairs',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    requestId: id('request_id').notNull(),
    agentId: id('agent_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** The smaller id is the first, so that a pair is the same whichever way it was named. Not where it is shown. */
    firstEpisodeId: id('first_episode_id').notNull(),
    secondEpisodeId: id('second_episode_id').notNull(),
    /** SHA-256 (hex) of the unit, by which intervals are clustered, also once the episodes are erased. */
    unitSha256: text('unit_sha256').notNull(),
    /** Characters that a rater sees. */
    firstLength: integer('first_length').notNull(),
    secondLength: integer('second_length').notNull(),
    /** Place in the queue, from a random draw. */
    position: doublePrecision('position').notNull(),
    /** Of people; skips do not count. */
    answersWanted: integer('answers_wanted').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    uniqueIndex('comparison_pairs_once').on(
      table.projectId,
      table.criterionSha256,
      table.firstEpisodeId,
      table.secondEpisodeId,
    ),
    index('comparison_pairs_queue').on(table.projectId, table.position, table.id),
    index('comparison_pairs_question').on(table.projectId, table.agentId, table.criterionSha256),
  ],
)

/** Secret: pairs whose better episode is known. They come among the others, and count for raters, never for policies. */
export const comparisonKnown = pgTable(
  'comparison_known',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    pairId: id('pair_id').notNull(),
    betterEpisodeId: id('better_episode_id').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.pairId] })],
)

/** Which episode a person was shown on the left: drawn once, when the pair was first given. */
export const comparisonDraws = pgTable(
  'comparison_draws',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    pairId: id('pair_id').notNull(),
    raterId: id('rater_id').notNull(),
    leftEpisodeId: id('left_episode_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.pairId, table.raterId] }),
    index('comparison_draws_by_rater').on(table.projectId, table.raterId),
  ],
)

/** Who is at a pair now. Expires, so that a closed laptop blocks nobody. */
export const comparisonReservations = pgTable(
  'comparison_reservations',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    pairId: id('pair_id').notNull(),
    raterId: id('rater_id').notNull(),
    startedAt: instant('started_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.pairId, table.raterId] }),
    index('comparison_reservations_by_rater').on(table.projectId, table.raterId, table.expiresAt),
  ],
)

/** One answer to which of the two is better. A fact: an undo is a new row that supersedes. */
export const comparisonAnswers = pgTable(
  'comparison_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    pairId: id('pair_id').notNull(),
    raterId: id('rater_id').notNull(),
    /** What stood on the left when this was said; a model answers once for each order. */
    leftEpisodeId: id('left_episode_id').notNull(),
    /** 'answered', 'abstained' or 'withdrawn' (undo). */
    kind: text('kind').notNull(),
    /** 'left', 'right' or 'equal'; null unless answered. */
    value: text('value'),
    /** `Abstention` of core; null unless abstained. */
    reason: text('reason'),
    /** Probability of the stated answer as the rater gave it, in [0, 1]; null when it gave none. */
    probability: doublePrecision('probability'),
    comment: text('comment').notNull(),
    /** Ordinals of the steps that the rater points at, of each side. */
    leftEvidence: integer('left_evidence').array().notNull(),
    rightEvidence: integer('right_evidence').array().notNull(),
    flagged: boolean('flagged').notNull(),
    /** The answer this one takes the place of; always the rater's own. */
    supersedes: id('supersedes'),
    /** Made by the client, once for each commit: the same commit sent again is one row. */
    commitKey: text('commit_key').notNull(),
    startedAt: instant('started_at'),
    committedAt: instant('committed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    uniqueIndex('comparison_answers_commit').on(table.projectId, table.raterId, table.commitKey),
    uniqueIndex('comparison_answers_supersedes')
      .on(table.projectId, table.supersedes)
      .where(sql`supersedes is not null`),
    // One beginning: two windows cannot answer the same pair twice.
    uniqueIndex('comparison_answers_first')
      .on(table.projectId, table.raterId, table.pairId, table.leftEpisodeId)
      .where(sql`supersedes is null`),
    index('comparison_answers_by_pair').on(table.projectId, table.pairId),
    index('comparison_answers_by_rater').on(table.projectId, table.raterId, table.id),
  ],
)
