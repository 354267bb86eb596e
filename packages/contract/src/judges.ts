/** Model raters: declaring one, having it answer, and what it may cost. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { RaterSummary } from './raters.ts'

export const DeclareJudge = z.strictObject({
  name: z.string().trim().min(1).max(200),
  /** 'openai-compatible' is any endpoint of that shape, local ones too. */
  provider: z.enum(['openai-compatible', 'anthropic']),
  model: z.string().trim().min(1).max(200),
  /** Left out: the provider's own, OpenAI's or Anthropic's. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  /** A key kept under Settings; left out for endpoints that need none. */
  providerKeyId: z.uuid().optional(),
  /** Raters of one family share weights; the model's name unless set. */
  family: z.string().trim().min(1).max(200).optional(),
  /** US dollars a million tokens; without them the cost of an answer is unknown and a spend limit refuses it. */
  usdPerMillion: z.strictObject({ input: z.number().min(0), output: z.number().min(0) }).optional(),
  timeoutSeconds: z.number().min(1).max(600).default(60),
})

/** A model rater with what makes it one. */
export const JudgeView = z.object({
  id: z.string(),
  name: z.string(),
  family: z.string(),
  provider: z.enum(['openai-compatible', 'anthropic']),
  model: z.string(),
  /** Null: the provider's own. */
  baseUrl: z.string().nullable(),
  /** Name of the stored key that is sent; null when none is. */
  keyName: z.string().nullable(),
  promptVersion: z.string(),
  usdPerMillion: z.object({ input: z.number(), output: z.number() }).nullable(),
  timeoutSeconds: z.number(),
  ratings: z.number().int(),
  abstained: z.number().int(),
  /** Mean cost of a call; null when nothing was asked or no price is known. */
  usdAnAnswer: z.number().nullable(),
  createdAt: z.string(),
})
export type JudgeView = z.infer<typeof JudgeView>

export const StartJudgeRun = z.strictObject({
  judge: z.uuid(),
  rubric: z.uuid(),
  /** Criterion ids; all that models may answer when left out. */
  criteria: z.array(z.string().max(80)).max(500).optional(),
  /** At most so many episodes, newest first; those it has answered already are not counted. */
  episodesMax: z.number().int().min(1).max(100_000).default(100),
  /** Of the questions: put as a check of somebody's answer, drawn one by one, where one stands. */
  verifyShare: z.number().min(0).max(1).default(0),
  /**
   * Ask only where fewer independent voices have answered: trusted people one each, models one a family, but for those whose family
   * acted in the episode. Left out: wherever this rater has not answered.
   */
  voicesWanted: z.number().int().min(1).max(50).optional(),
})

export const JudgeRunView = z.object({
  id: z.string(),
  judgeId: z.string(),
  judgeName: z.string(),
  rubricId: z.string(),
  state: z.enum(['running', 'paused', 'done']),
  /** Why it is paused: the spend limit, or an endpoint that does not answer; null otherwise. */
  why: z.string().nullable(),
  questions: z.number().int(),
  answered: z.number().int(),
  abstained: z.number().int(),
  verifyShare: z.number(),
  costUsd: z.number().nullable(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  startedAt: z.string(),
})
export type JudgeRunView = z.infer<typeof JudgeRunView>

export const SpendView = z.object({
  usdPerDay: z.number(),
  spentTodayUsd: z.number(),
  reservedUsd: z.number(),
})
export const SetSpendLimit = z.strictObject({ usdPerDay: z.number().min(0).max(1_000_000) })

const judges = '/api/projects/{project}/judges'
export const declareJudge = endpoint({
  method: 'POST',
  path: judges,
  body: DeclareJudge,
  response: RaterSummary,
})
export const listJudges = endpoint({
  method: 'GET',
  path: judges,
  response: z.object({ items: z.array(JudgeView) }),
})
export const startJudgeRun = endpoint({
  method: 'POST',
  path: `${judges}/runs`,
  body: StartJudgeRun,
  response: JudgeRunView,
})
export const listJudgeRuns = endpoint({
  method: 'GET',
  path: `${judges}/runs`,
  response: z.object({ items: z.array(JudgeRunView) }),
})
export const showJudgeRun = endpoint({ method: 'GET', path: `${judges}/runs/{run}`, response: JudgeRunView })
export const showSpend = endpoint({ method: 'GET', path: `${judges}/spend`, response: SpendView })
export const setSpendLimit = endpoint({
  method: 'PUT',
  path: `${judges}/spend`,
  body: SetSpendLimit,
  response: SpendView,
})
