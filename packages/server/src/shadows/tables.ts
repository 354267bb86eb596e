import {
  bigint,
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

/**
 * What a candidate that may not act answered beside the baseline, to the same input. No words: those are in `shadowTexts` until they
 * are drawn or forgotten.
 */
export const shadowCalls = pgTable(
  'shadow_calls',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** Of the turn that the baseline answered. */
    turnId: id('turn_id').notNull(),
    releaseId: id('release_id').notNull(),
    stage: text('stage').notNull(),
    agentId: id('agent_id').notNull(),
    contractVersion: integer('contract_version').notNull(),
    conversation: text('conversation').notNull(),
    unitKey: text('unit_key').notNull(),
    /** 'first-turn': of a conversation that nobody had answered yet; 'step': on what the baseline made of it. */
    pairedAs: text('paired_as').notNull(),
    baselinePolicyId: id('baseline_policy_id').notNull(),
    candidatePolicyId: id('candidate_policy_id').notNull(),
    /** SHA-256 (hex) of the request as the client sent it: both models were asked this. */
    inputSha256: text('input_sha256').notNull(),
    /** `AnswerMarks`. */
    baseline: jsonb('baseline').notNull(),
    /** `AnswerMarks`; null where there is none, for the reason in `whyNone`. */
    candidate: jsonb('candidate'),
    whyNone: text('why_none'),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    /** US dollars; null where no price is known, and where nothing was asked. */
    usd: doublePrecision('usd'),
    /** Null where it was not asked. */
    askedAt: instant('asked_at'),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.turnId] }),
    index('shadow_calls_by_release').on(table.projectId, table.releaseId, table.turnId),
    index('shadow_calls_by_unit').on(table.projectId, table.unitKey),
    index('shadow_calls_by_day').on(table.projectId, table.agentId, table.askedAt),
  ],
)

/** The words of both answers and of what they answered, until the pair is drawn and made readable, or forgotten. */
export const shadowTexts = pgTable(
  'shadow_texts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    turnId: id('turn_id').notNull(),
    releaseId: id('release_id').notNull(),
    /** Of the selection that drew it; null until then. */
    sequence: bigint('sequence', { mode: 'number' }),
    /** `ShadowText` as JSON text. */
    body: text('body').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.turnId] }),
    index('shadow_texts_by_release').on(table.projectId, table.releaseId),
  ],
)
