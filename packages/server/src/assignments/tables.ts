import { sql } from 'drizzle-orm'
import {
  bigint,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** A request that raters answer a criterion on an episode. What it is for is in `assignmentPurposes`, which raters never see. */
export const assignments = pgTable(
  'assignments',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    rubricId: id('rubric_id').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** Place in the queue, from a random draw: neither the order nor the time of asking tells anything. */
    position: doublePrecision('position').notNull(),
    /** How many people shall answer; 0: only those for whom it was drawn. */
    answersWanted: integer('answers_wanted').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    // Asked once as work, and beside it once for those for whom it was drawn as a known one.
    uniqueIndex('assignments_work')
      .on(table.projectId, table.episodeId, table.criterionSha256)
      .where(sql`answers_wanted > 0`),
    uniqueIndex('assignments_drawn')
      .on(table.projectId, table.episodeId, table.criterionSha256)
      .where(sql`answers_wanted = 0`),
    index('assignments_by_item').on(table.projectId, table.episodeId, table.criterionSha256),
    index('assignments_queue').on(table.projectId, table.position, table.id),
  ],
)

/** Secret: why an assignment exists. Joined by no rater-role query. */
export const assignmentPurposes = pgTable(
  'assignment_purposes',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    assignmentId: id('assignment_id').notNull(),
    id: id('id').notNull(),
    /** 'audit' (drawn by a release), 'second-look' (drawn among those answered), 'gold', 'chosen' (by a person; never enters a gate), or 'part' (of a split question). */
    purpose: text('purpose').notNull(),
    releaseId: id('release_id'),
    sequence: bigint('sequence', { mode: 'number' }),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.assignmentId, table.id] }),
    index('assignment_purposes_release').on(table.projectId, table.releaseId, table.sequence),
  ],
)

/** Who is at an assignment now. Expires, so that a closed laptop blocks nobody. */
export const reservations = pgTable(
  'reservations',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    assignmentId: id('assignment_id').notNull(),
    raterId: id('rater_id').notNull(),
    startedAt: instant('started_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.assignmentId, table.raterId] }),
    index('reservations_by_rater').on(table.projectId, table.raterId, table.expiresAt),
  ],
)

/** Secret: the known answer to a criterion on an episode, and which half of the gold it belongs to. */
export const goldAnswers = pgTable(
  'gold_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    value: text('value').notNull(),
    /** Why; told to those who met it in a qualification round. */
    explanation: text('explanation').notNull().default(''),
    /** 'fit' or 'measure', by a hash of episode and criterion; only the error bound reads 'measure'. */
    part: text('part').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.episodeId, table.criterionSha256] })],
)
