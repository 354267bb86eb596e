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

/** One order to have a model rater answer criteria on episodes. What is left to ask follows from `model_calls`. */
export const judgeRuns = pgTable(
  'judge_runs',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    raterId: id('rater_id').notNull(),
    rubricId: id('rubric_id').notNull(),
    /** Which episodes and criteria: see the contract's `StartJudgeRun`. */
    scope: jsonb('scope').notNull(),
    /** Of its questions: put as a check of somebody's answer, where one stands. */
    verifyShare: doublePrecision('verify_share').notNull().default(0),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** One answered request to a model, written before anything is made of it: a recorded question is never asked again. */
export const modelCalls = pgTable(
  'model_calls',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    raterId: id('rater_id').notNull(),
    /** SHA-256 (hex) of everything that was asked: model, prompt version, question, episode content. */
    requestSha256: text('request_sha256').notNull(),
    promptVersion: text('prompt_version').notNull(),
    /** 'answered', 'refused', 'malformed', 'timeout' or 'unavailable' (after all retries). */
    status: text('status').notNull(),
    /** Raw answer, at most 64 kB; null when there was none. */
    response: jsonb('response'),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    /** US dollars by the prices in the rater's definition; null when no price is known. */
    costUsd: doublePrecision('cost_usd'),
    durationMs: doublePrecision('duration_ms').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    uniqueIndex('model_calls_request').on(table.projectId, table.raterId, table.requestSha256),
    index('model_calls_by_time').on(table.projectId, table.at),
  ],
)

/** What calls under way may still cost: taken before a call, given back after it. Kept apart so that limits hold under concurrency. */
export const spendReservations = pgTable(
  'spend_reservations',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    /** UTC day, YYYY-MM-DD. */
    day: text('day').notNull(),
    costUsd: doublePrecision('cost_usd').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** The most a project may spend on models in a UTC day. The newest row holds; none means 0: nothing is spent unasked. */
export const spendLimits = pgTable(
  'spend_limits',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    usdPerDay: doublePrecision('usd_per_day').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)
