/**
 * Adjudication: where trusted people disagree about a question of an episode, a third one says what is right. Everything
 * here may be told to an expert who is a rater: no names, no policies, nothing of what a question is for.
 */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PageQuery, pageOf } from './page.ts'
import { CommittedAnswer } from './review.ts'
import { ScaleView } from './rubrics.ts'

/** Why people disagreed, as far as the one who decides can tell. */
export const DISAGREEMENT_REASONS = [
  'guidance-unclear',
  'missed-evidence',
  'misread-question',
  'ambiguous-episode',
  'slip',
  'other',
] as const
export type DisagreementReason = (typeof DISAGREEMENT_REASONS)[number]

const Item = { episodeId: z.string(), criterionSha256: z.string() }

export const DisagreementLine = z.object({
  ...Item,
  question: z.string(),
  /** Of trusted people. */
  answers: z.number().int(),
  /** One of them asked for a second look. */
  flagged: z.boolean(),
  decided: z.boolean(),
})
export type DisagreementLine = z.infer<typeof DisagreementLine>

/** Waiting ones first; within these in an order that tells neither time nor policy. */
export const DisagreementPage = pageOf(DisagreementLine).extend({
  waiting: z.number().int(),
  /** Left out, because you answered the question yourself. */
  yours: z.number().int(),
})
export type DisagreementPage = z.infer<typeof DisagreementPage>

const Decided = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answered'), value: z.string().max(200) }),
  z.strictObject({ kind: z.literal('not-applicable') }),
])

export const AdjudicationView = z.object({
  id: z.string(),
  answer: Decided,
  reason: z.enum(DISAGREEMENT_REASONS),
  comment: z.string(),
  /** Whether it is your own, and so yours to take back. */
  mine: z.boolean(),
  /** A release has been checked since: it stands as it is. */
  locked: z.boolean(),
  at: z.string(),
})

export const DisagreementView = z.object({
  ...Item,
  question: z.string(),
  scale: ScaleView,
  guidance: z.string(),
  /** `rater` is "Rater 1", "Rater 2", …, numbered anew for each item: nobody can be followed from one to the next. */
  answers: z.array(
    z.object({
      rater: z.string(),
      answer: CommittedAnswer,
      comment: z.string(),
      evidence: z.array(z.number().int()),
      flagged: z.boolean(),
    }),
  ),
  decision: AdjudicationView.nullable(),
  /** What stood before, newest first; a null answer: it was taken back. */
  earlier: z.array(
    z.object({
      answer: Decided.nullable(),
      reason: z.enum(DISAGREEMENT_REASONS).nullable(),
      comment: z.string(),
      at: z.string(),
    }),
  ),
})
export type DisagreementView = z.infer<typeof DisagreementView>

export const Decide = z
  .strictObject({
    answer: Decided,
    reason: z.enum(DISAGREEMENT_REASONS),
    comment: z.string().trim().max(4_000).default(''),
    /** The decision that this one takes the place of. Left out where none stands. */
    supersedes: z.uuid().optional(),
  })
  .refine(({ reason, comment }) => reason !== 'other' || comment.length >= 3, {
    path: ['comment'],
    error: 'say in a few words what it was: "other" alone teaches nobody',
  })

export const TakeBack = z.strictObject({ decision: z.uuid() })

const adjudication = '/api/projects/{project}/adjudication'
const item = `${adjudication}/{episode}/{criterion}` as const
export const listDisagreements = endpoint({
  method: 'GET',
  path: adjudication,
  query: PageQuery,
  response: DisagreementPage,
})
export const showDisagreement = endpoint({ method: 'GET', path: item, response: DisagreementView })
export const decideDisagreement = endpoint({
  method: 'POST',
  path: item,
  body: Decide,
  response: DisagreementView,
})
/** Takes your own decision back, unless it is locked. */
export const takeBackDecision = endpoint({
  method: 'POST',
  path: `${item}/undo`,
  body: TakeBack,
  response: DisagreementView,
})
