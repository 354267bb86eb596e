/** Raters, how good they are, and what they answered. Not for the eyes of raters. */
import { SEVERITIES } from '@leeway/core/critiques/claim'
import { QUESTION_FORMS } from '@leeway/core/question-forms/question-form'
import { RATER_KINDS } from '@leeway/core/rubrics/rubric'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PageQuery, pageOf } from './page.ts'
import { RATER_TIERS } from './rater-tiers.ts'
import { CommittedAnswer } from './review.ts'

const IntervalView = z.object({ estimate: z.number(), low: z.number(), high: z.number() })

export const RaterSummary = z.object({
  id: z.string(),
  kind: z.enum(RATER_KINDS),
  name: z.string(),
  family: z.string(),
  tier: z.enum(RATER_TIERS),
  ratings: z.number().int(),
  abstained: z.number().int(),
  /** Chance of agreeing with the truth as it is estimated, over all questions; null when nothing is known. */
  accuracy: IntervalView.nullable(),
  /** Ratings that bear on the accuracy. */
  accuracyFrom: z.number().int(),
  /** People: minutes of an answer (median). Models: US dollars of an answer (mean). Null when not known. */
  minutesAnAnswer: z.number().nullable(),
  usdAnAnswer: z.number().nullable(),
  lastRatingAt: z.string().nullable(),
})
export type RaterSummary = z.infer<typeof RaterSummary>

/** An agent that a rater may not judge, because it built it or has a stake in it. */
export const RaterConflict = z.object({ agent: z.string(), reason: z.string(), at: z.string() })
export type RaterConflict = z.infer<typeof RaterConflict>

/** `perQuestion[].confusion[truth][answer]`: chance of each answer when that is the truth. */
export const RaterCard = RaterSummary.extend({
  /** What is known of its errors, in sentences. */
  words: z.array(z.string()),
  perQuestion: z.array(
    z.object({
      criterionSha256: z.string(),
      question: z.string(),
      options: z.array(z.string()),
      ratings: z.number().int(),
      accuracy: IntervalView,
      confusion: z.array(z.array(IntervalView)),
    }),
  ),
  /** Raters whose errors go with this one's, strongest first. */
  errsWith: z.array(
    z.object({ id: z.string(), name: z.string(), correlation: z.number(), items: z.number().int() }),
  ),
  /** Accuracy by month or by hundred answers, oldest first. */
  drift: z.array(z.object({ from: z.string(), ratings: z.number().int(), accuracy: IntervalView })),
  conflicts: z.array(RaterConflict),
})
export type RaterCard = z.infer<typeof RaterCard>

export const RaterList = z.object({
  items: z.array(RaterSummary),
  /** Whether they differ at all, how many independent ones they amount to, and who err together. */
  words: z.array(z.string()),
})

export const SetTier = z.strictObject({
  tier: z.enum(RATER_TIERS),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

export const SetConflict = z.strictObject({
  /** Name of the agent. */
  agent: z.string().min(1).max(200),
  /** False: it may be judged again. */
  excluded: z.boolean(),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

/** How the question was put: what is the answer, or is this answer right. */
const Form = z.enum(QUESTION_FORMS)

export const RatingView = z.object({
  id: z.string(),
  episodeId: z.string(),
  criterionSha256: z.string(),
  raterId: z.string(),
  raterName: z.string(),
  raterKind: z.enum(RATER_KINDS),
  answer: CommittedAnswer,
  probability: z.number().nullable(),
  comment: z.string(),
  evidence: z.array(z.number().int()),
  flagged: z.boolean(),
  form: Form,
  startedAt: z.string().nullable(),
  committedAt: z.string(),
})
export type RatingView = z.infer<typeof RatingView>

/** Ratings of raters outside Leeway, in our own JSONL shape; the CLI turns CSV, Label Studio and Argilla into it. */
export const ImportRating = z.strictObject({
  episodeId: z.uuid(),
  /** Criterion id within the rubric. */
  criterion: z.string().min(1).max(80),
  rater: z.string().trim().min(1).max(200),
  raterKind: z.enum(RATER_KINDS).default('human'),
  /** Of a model: those of one family share weights. Its name when left out; what its first answer says holds. */
  family: z.string().trim().min(1).max(200).optional(),
  answer: CommittedAnswer,
  probability: z.number().min(0).max(1).nullable().default(null),
  comment: z.string().max(4_000).default(''),
  /** Steps that show it, by number from 0. */
  evidence: z.array(z.number().int().min(0)).max(100).default([]),
  /** Of a model: what it says is wrong. Shown to people after their first answer, where the quote is there word for word. */
  claims: z
    .array(
      z.strictObject({
        text: z.string().trim().min(3).max(1_000),
        severity: z.enum(SEVERITIES),
        step: z.number().int().min(0),
        quote: z.string().min(1).max(1_000),
      }),
    )
    .max(10)
    .default([]),
  form: Form.default('find'),
  /** The source's own id: the same again adds nothing. */
  sourceKey: z.string().min(1).max(200),
  committedAt: z.iso.datetime().optional(),
})
export const ImportRatings = z.strictObject({
  rubric: z.uuid(),
  ratings: z.array(ImportRating).min(1).max(1_000),
})
export const ImportedRatings = z.object({
  added: z.number().int(),
  known: z.number().int(),
  problems: z.array(
    z.object({ index: z.number().int(), field: z.string(), reason: z.string(), fix: z.string() }),
  ),
})

export const RatingQuery = PageQuery.extend({
  rubric: z.uuid().optional(),
  episode: z.uuid().optional(),
  rater: z.uuid().optional(),
})

/** Known answers: they clamp estimates (part 'fit') or measure raters (part 'measure'); the part is drawn by hash. */
export const SetGold = z.strictObject({
  episode: z.uuid(),
  criterionSha256: z.string().length(64),
  value: z.string().min(1).max(200),
  /** Why it is so; told to those who met it in a qualification round. */
  explanation: z.string().trim().max(2_000).default(''),
})

const raters = '/api/projects/{project}/raters'
export const listRaters = endpoint({ method: 'GET', path: raters, response: RaterList })
export const showRater = endpoint({ method: 'GET', path: `${raters}/{rater}`, response: RaterCard })
export const setTier = endpoint({
  method: 'POST',
  path: `${raters}/{rater}/tier`,
  body: SetTier,
  response: RaterSummary,
})
export const setConflict = endpoint({
  method: 'POST',
  path: `${raters}/{rater}/conflicts`,
  body: SetConflict,
  response: RaterCard,
})
export const listRatings = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/ratings',
  query: RatingQuery,
  response: pageOf(RatingView),
})
export const importRatings = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/ratings',
  body: ImportRatings,
  response: ImportedRatings,
})
export const setGold = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/gold',
  body: SetGold,
  response: z.object({ part: z.enum(['fit', 'measure']) }),
})
