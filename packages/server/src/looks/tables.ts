import { doublePrecision, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/**
 * Secret: who looks at the episodes of a question, and with what help, drawn for each one at these probabilities, whatever the
 * episode is. Made when a release starts; the newest of a question holds.
 */
export const lookPlans = pgTable(
  'look_plans',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** The release at whose start it was made. */
    releaseId: id('release_id').notNull(),
    /** `DrawnWay`s: groups of raters, 'anyone' first. */
    groups: jsonb('groups').notNull(),
    /** Which help may follow a first answer, 'critique' or 'decomposition', and how likely; null: as its own rules say. */
    help: text('help'),
    helpShare: doublePrecision('help_share'),
    /** Counts and minutes that it was made of. */
    evidence: jsonb('evidence').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('look_plans_by_question').on(table.projectId, table.criterionSha256, table.id),
  ],
)

/** Secret: whom a question is kept for, and with which probability that was drawn. What no plan drew is for anyone. */
export const lookDraws = pgTable(
  'look_draws',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    assignmentId: id('assignment_id').notNull(),
    planId: id('plan_id').notNull(),
    /** 'anyone', 'vetted' or 'expert': the tier that it is kept for. */
    raterGroup: text('rater_group').notNull(),
    probability: doublePrecision('probability').notNull(),
    /** From then on it is for anyone who is trusted: no question waits for ever. */
    keptUntil: instant('kept_until').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.assignmentId] }),
    index('look_draws_by_plan').on(table.projectId, table.planId),
  ],
)
