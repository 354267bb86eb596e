/** How raters earn their place: a round of known answers with feedback, then known answers among their questions. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ReviewAnswer, ReviewQuestion, RoundProgress } from './review.ts'

export const RoundQuestion = z.object({
  question: ReviewQuestion.nullable(),
  progress: RoundProgress.nullable(),
})
export type RoundQuestion = z.infer<typeof RoundQuestion>

export const AnswerRound = z.strictObject({ answer: ReviewAnswer, startedAt: z.iso.datetime() })
export const RoundFeedback = z.object({
  /** Null: skipped. */
  right: z.boolean().nullable(),
  known: z.string(),
  explanation: z.string(),
  progress: RoundProgress,
})
export type RoundFeedback = z.infer<typeof RoundFeedback>

const share = (most: number) => z.number().min(0).max(most)
export const SetVettingRules = z
  .strictObject({
    /** Chance of being right, on questions whose answers are equally likely. */
    bar: share(0.99).default(0.65),
    floor: share(0.99).default(0.5),
    hiddenShare: share(0.5).default(0.1),
    roundQuestions: z.number().int().min(0).max(200).default(20),
    exposuresMax: z.number().int().min(1).max(10_000).default(50),
  })
  .refine(({ bar, floor }) => floor <= bar, { path: ['floor'], message: 'must not be above the bar' })

export const VettingView = z.object({
  rules: z
    .object({
      bar: z.number(),
      floor: z.number(),
      hiddenShare: z.number(),
      roundQuestions: z.number().int(),
      exposuresMax: z.number().int(),
      at: z.string(),
    })
    .nullable(),
  /** Right answers in a row that vet a new rater; null without rules. */
  answersToVet: z.number().int().nullable(),
  /** Known answers of questions for people. */
  known: z.array(
    z.object({
      criterionSha256: z.string(),
      question: z.string(),
      answers: z.array(
        z.object({
          value: z.string(),
          /** `forRound`: may be told afterwards; the others measure the check and stay hidden. */
          items: z.number().int(),
          forRound: z.number().int(),
          /** Shown as often as the rules allow, and retired. */
          retired: z.number().int(),
        }),
      ),
    }),
  ),
})
export type VettingView = z.infer<typeof VettingView>

export const GoldItem = z.object({
  episodeId: z.string(),
  criterionSha256: z.string(),
  question: z.string(),
  value: z.string(),
  /** 'measure' is told to nobody. */
  part: z.enum(['fit', 'measure']),
  /** Who met it, however it came to them. */
  people: z.number().int(),
  answers: z.number().int(),
  right: z.number().int(),
  medianSeconds: z.number().nullable(),
  /** Later people answered it faster than earlier ones, and all rightly: with this chance if nobody had passed it on. */
  sign: z.object({ chance: z.number() }).nullable(),
  retired: z
    .object({ kind: z.enum(['leaked', 'overexposed']), reason: z.string(), at: z.string() })
    .nullable(),
})
export type GoldItem = z.infer<typeof GoldItem>
export const GoldList = z.object({
  /** At most 500: those with a sign of a leak first, then those that most people have met. */
  items: z.array(GoldItem),
  total: z.number().int(),
})
export type GoldList = z.infer<typeof GoldList>
export const RetireGold = z.strictObject({
  episode: z.uuid(),
  criterionSha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

const vetting = '/api/projects/{project}/vetting'
const round = '/api/projects/{project}/review/round'
export const showVetting = endpoint({ method: 'GET', path: vetting, response: VettingView })
export const setVettingRules = endpoint({
  method: 'POST',
  path: vetting,
  body: SetVettingRules,
  response: VettingView,
})
export const nextOfRound = endpoint({
  method: 'POST',
  path: `${round}/next`,
  body: z.strictObject({}),
  response: RoundQuestion,
})
export const answerRound = endpoint({
  method: 'POST',
  path: `${round}/{draw}/answer`,
  body: AnswerRound,
  response: RoundFeedback,
})
export const listGold = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/gold',
  response: GoldList,
})
export const retireGold = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/gold/retire',
  body: RetireGold,
  response: GoldList,
})
