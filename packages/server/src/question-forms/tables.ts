import { sql } from 'drizzle-orm'
import { boolean, doublePrecision, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Which share of the answers to a question are checks of an answer that stands; the newest row of a question holds. */
export const questionFormRules = pgTable(
  'question_form_rules',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    criterionSha256: text('criterion_sha256').notNull(),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    share: doublePrecision('share').notNull(),
    /** Of the checks: about an item whose answer is known, where there is one. */
    knownShare: doublePrecision('known_share').notNull(),
    /** Of the checks of known items: with a wrong answer proposed. */
    plantedShare: doublePrecision('planted_share').notNull(),
    /** Secret: draws who checks what, and what is proposed. */
    seed: text('seed').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.criterionSha256, table.id] })],
)

/**
 * The form in which a rater is asked about an item, drawn before it is shown; none: it is asked to find the answer.
 * Secret but for `proposed`: where the proposal is from, and whether it was made up.
 */
export const questionForms = pgTable(
  'question_forms',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    /** 'verify'; of a model also 'find', where the draw said so. */
    form: text('form').notNull(),
    /** With which the draw gave this form. */
    probability: doublePrecision('probability').notNull(),
    /** Of people: the question that this one was put in before. Null for models. */
    beforeId: id('before_id'),
    /** The answer to be checked, one of the scale's options; null in the form 'find'. */
    proposed: jsonb('proposed'),
    /** The rating that answered so; null for a planted one and in the form 'find'. */
    sourceRatingId: id('source_rating_id'),
    planted: boolean('planted').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'question_forms_pk',
      columns: [table.projectId, table.raterId, table.episodeId, table.criterionSha256],
    }),
    // One draw for each question that comes up: neither two tabs nor a reload draw again.
    uniqueIndex('question_forms_before')
      .on(table.projectId, table.raterId, table.beforeId)
      .where(sql`before_id is not null`),
  ],
)
