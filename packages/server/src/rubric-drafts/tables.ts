import { doublePrecision, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** One order to have a model draft a rubric from an instruction. */
export const rubricDrafts = pgTable(
  'rubric_drafts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    raterId: id('rater_id').notNull(),
    name: text('name').notNull(),
    instruction: text('instruction').notNull(),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** What came of it, once. A draft is no rubric: a person edits it and saves what is left under their own name. */
export const rubricDraftAnswers = pgTable(
  'rubric_draft_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    draftId: id('draft_id').notNull(),
    /** 'answered', 'refused', 'malformed', 'timeout' or 'unavailable' (after all retries). */
    status: text('status').notNull(),
    /** What went wrong; '' when nothing did. */
    reason: text('reason').notNull(),
    promptVersion: text('prompt_version').notNull(),
    /** Ways to fail, and `DraftedQuestion` of the contract: as read and bounded. What the model wrote is in `model_calls`. */
    failures: jsonb('failures').notNull(),
    questions: jsonb('questions').notNull(),
    dropped: integer('dropped').notNull(),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    costUsd: doublePrecision('cost_usd'),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.draftId] })],
)
