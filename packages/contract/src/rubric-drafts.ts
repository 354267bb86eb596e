/** Rubrics that a model drafts from an instruction, for a person to edit. A draft is no rubric until somebody saves it. */
import { INSTRUCTION_MAX } from '@leeway/core/response-rules/rules-in-instruction'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** Failing a necessary one fails the whole, however good the rest is. */
export const IMPORTANCES = ['necessary', 'important', 'useful'] as const
export type Importance = (typeof IMPORTANCES)[number]

/** What a model proposed, read and bounded. All texts are the model's. */
export const DraftedQuestion = z.object({
  question: z.string(),
  /** How to decide; '' when it said nothing. */
  guidance: z.string(),
  good: z.enum(['yes', 'no']),
  /** Questions of one topic stand together; '' when it named none. */
  topic: z.string(),
  importance: z.enum(IMPORTANCES),
  /** Position in `failures` of the way to fail that it would catch; null when it named none. */
  catches: z.number().int().nullable(),
  /** Words it says it checks and that the instruction holds word for word; then those that it does not hold. */
  checks: z.array(z.string()),
  invented: z.array(z.string()),
})
export type DraftedQuestion = z.infer<typeof DraftedQuestion>

export const StartRubricDraft = z.strictObject({
  /** A declared model. */
  judge: z.uuid(),
  /** Name of the rubric. */
  name: z.string().trim().min(1).max(80).default('draft'),
  instruction: z.string().trim().min(1).max(INSTRUCTION_MAX),
})

export const RubricDraftView = z.object({
  id: z.string(),
  judgeId: z.string(),
  judgeName: z.string(),
  instruction: z.string(),
  state: z.enum(['waiting', 'drafted', 'failed']),
  /** Why it failed, or what holds it up; null when nothing does. */
  why: z.string().nullable(),
  /** Likely ways to fail, which the model was asked for first. */
  failures: z.array(z.string()),
  questions: z.array(DraftedQuestion),
  /** Entries of its answer that were no questions, or about words that a program checks already. */
  dropped: z.number().int(),
  /** The draft as YAML, with the programs; null until there is one. */
  source: z.string().nullable(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  /** US dollars. */
  costUsd: z.number().nullable(),
  startedAt: z.string(),
})
export type RubricDraftView = z.infer<typeof RubricDraftView>

const drafts = '/api/projects/{project}/rubrics/drafts'
export const startRubricDraft = endpoint({
  method: 'POST',
  path: drafts,
  body: StartRubricDraft,
  response: RubricDraftView,
})
export const showRubricDraft = endpoint({
  method: 'GET',
  path: `${drafts}/{draft}`,
  response: RubricDraftView,
})
