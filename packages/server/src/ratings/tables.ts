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

/** One rater's answer to one criterion on one episode. A fact: undo and correction are new rows that supersede. */
export const ratings = pgTable(
  'ratings',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    raterId: id('rater_id').notNull(),
    /** Null for programs, models and imports. */
    assignmentId: id('assignment_id'),
    /** 'answered', 'not-applicable', 'abstained', or 'withdrawn' (undo). */
    kind: text('kind').notNull(),
    /** One of the scale's options or a number (JSON); null unless answered. */
    value: jsonb('value'),
    /** `Abstention` of core; null unless abstained. */
    reason: text('reason'),
    /** Probability of the stated answer as the rater gave it, in [0, 1]; null when it gave none. */
    probability: doublePrecision('probability'),
    comment: text('comment').notNull(),
    /** Ordinals of the steps that the rater points at. */
    evidence: integer('evidence').array().notNull(),
    /** `Claim` of core: what the rater says is wrong, each with its words; unchecked. */
    claims: jsonb('claims').notNull().default([]),
    /** Asks for adjudication. */
    flagged: boolean('flagged').notNull(),
    /** 'none', or what help the rater had: 'critique' or 'decomposition'. */
    assistance: text('assistance').notNull(),
    /** 'find', or 'verify': the rater was shown an answer and asked whether it is right. */
    form: text('form').notNull().default('find'),
    /** The rating this one takes the place of; always the rater's own. */
    supersedes: id('supersedes'),
    /** Made by the client, once for each commit: the same commit sent again is one row. */
    commitKey: text('commit_key').notNull(),
    startedAt: instant('started_at'),
    committedAt: instant('committed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    uniqueIndex('ratings_commit').on(table.projectId, table.raterId, table.commitKey),
    // A rating is superseded once: two tabs cannot fork its history.
    uniqueIndex('ratings_supersedes')
      .on(table.projectId, table.supersedes)
      .where(sql`supersedes is not null`),
    // And has one beginning: two tabs cannot answer the same question twice.
    uniqueIndex('ratings_first')
      .on(table.projectId, table.raterId, table.episodeId, table.criterionSha256)
      .where(sql`supersedes is null`),
    index('ratings_by_episode').on(table.projectId, table.episodeId, table.criterionSha256),
    index('ratings_by_criterion').on(table.projectId, table.criterionSha256, table.id),
    index('ratings_by_rater').on(table.projectId, table.raterId, table.id),
    index('ratings_by_assignment').on(table.projectId, table.assignmentId),
    // What people answered lately.
    index('ratings_by_time').on(table.projectId, table.committedAt).where(sql`assignment_id is not null`),
  ],
)
