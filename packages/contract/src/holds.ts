/** Calls that wait for a person. */
import { STAKES } from '@leeway/core/episodes/episode'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'

const Call = z.object({
  tool: z.string(),
  /** As it would be carried out. */
  argumentsText: z.string(),
  outcome: z.enum(['allow', 'modify', 'hold', 'deny', 'replace']),
  /** Why it waits, or does not, in one sentence. */
  reason: z.string(),
  stakes: z.enum(STAKES).nullable(),
  /** What an MCP server says of its own tool. Hostile text, and no proof. */
  says: z.string().nullable(),
})

export const HoldSummary = z.object({
  id: z.string(),
  agent: z.string(),
  tools: z.array(z.string()),
  stakes: z.enum(STAKES),
  askedAt: z.string(),
  expiresAt: z.string(),
  /** Waiting calls with the same card are shown together and may be decided by one act. Says nothing else. */
  card: z.string(),
  /** How many times somebody said that somebody else should decide. */
  escalations: z.number().int(),
  answer: z
    .object({
      kind: z.enum(['approved', 'edited', 'denied', 'stopped']),
      reason: z.string(),
      actorName: z.string(),
      at: z.string(),
      /** Whether it was carried out: an approval that came too late was not. */
      used: z.boolean(),
      /** 'gate': it was held at a probability that was fixed beforehand, so it may be a label of what was proposed. */
      countsFor: z.enum(['gate', 'judge']),
    })
    .nullable(),
})
export type HoldSummary = z.infer<typeof HoldSummary>

export const HoldView = HoldSummary.extend({
  /** Null when its words are gone with those of its conversation. */
  text: z
    .object({
      calls: z.array(Call),
      /** Messages that led there, oldest first. Hostile text. */
      before: z.array(JsonValue),
      /** Messages before those. */
      earlier: z.number().int(),
    })
    .nullable(),
  /** The last calls of the same tools that somebody approved. */
  lastSimilar: z
    .object({ at: z.string(), calls: z.array(z.object({ tool: z.string(), argumentsText: z.string() })) })
    .nullable(),
  escalated: z.array(z.object({ reason: z.string(), actorName: z.string(), at: z.string() })),
  /** What happens if nobody answers. */
  otherwise: z.string(),
})
export type HoldView = z.infer<typeof HoldView>

export const HoldList = z.object({
  /** Oldest first: what has waited longest runs out first. */
  open: z.array(HoldSummary),
  /** Newest first, at most 50. */
  answered: z.array(HoldSummary),
})
export type HoldList = z.infer<typeof HoldList>

const Reason = z.string().trim().min(3, 'say in a few words why').max(2_000)
const Approved = z.strictObject({
  kind: z.literal('approved'),
  reason: z.string().trim().max(2_000).default(''),
  lookedMs: z.number().int().min(0).optional(),
})
const Denied = z.strictObject({
  kind: z.literal('denied'),
  reason: Reason,
  lookedMs: z.number().int().min(0).optional(),
})
export const AnswerHold = z.discriminatedUnion('kind', [
  Approved,
  Denied,
  z.strictObject({
    kind: z.literal('edited'),
    reason: Reason,
    /** JSON objects, one for each call. */
    argumentsTexts: z
      .array(z.string().max(1 << 20))
      .min(1)
      .max(1_000),
    lookedMs: z.number().int().min(0).optional(),
  }),
  /** Ends the conversation too. */
  z.strictObject({
    kind: z.literal('stopped'),
    reason: Reason,
    lookedMs: z.number().int().min(0).optional(),
  }),
  z.strictObject({ kind: z.literal('escalated'), reason: Reason }),
])

export const HOLDS_AT_ONCE = 50

/** Calls of one card in one act: all or none. */
export const AnswerHolds = z.strictObject({
  holds: z.array(z.uuid()).min(2).max(HOLDS_AT_ONCE),
  answer: z.discriminatedUnion('kind', [Approved, Denied]),
})

const hold = '/api/projects/{project}/holds/{hold}'
export const listHolds = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/holds',
  response: HoldList,
})
export const answerHolds = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/holds/answer',
  body: AnswerHolds,
  response: HoldList,
})
export const showHold = endpoint({ method: 'GET', path: hold, response: HoldView })
export const answerHold = endpoint({
  method: 'POST',
  path: `${hold}/answer`,
  body: AnswerHold,
  response: HoldView,
})
