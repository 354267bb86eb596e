/**
 * What a rater sees and sends. Every answer here has the same shape for every assignment: nothing tells gold from
 * audit, one policy from another, or what others answered.
 */
import { ABSTENTIONS, SKIP_REASONS } from '@leeway/core/rubrics/answer'
import { z } from 'zod'
import { CritiqueView } from './critiques.ts'
import { endpoint } from './endpoint.ts'
import { RATER_TIERS } from './rater-tiers.ts'
import { ScaleView } from './rubrics.ts'
import { PartsView } from './splits.ts'

export const CommittedAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), value: z.union([z.string().max(200), z.number()]) }),
  z.object({ kind: z.literal('not-applicable') }),
  z.object({ kind: z.literal('abstained'), reason: z.enum(ABSTENTIONS) }),
])
export type CommittedAnswer = z.infer<typeof CommittedAnswer>

/** A person abstains only for a person's reasons. */
export const ReviewAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answered'), value: z.union([z.string().max(200), z.number()]) }),
  z.strictObject({ kind: z.literal('not-applicable') }),
  z.strictObject({ kind: z.literal('abstained'), reason: z.enum(SKIP_REASONS) }),
])

/** In which words a question is put, and what they were when the rater answered it last. A function of the question and the rater's own answers alone. */
export const Guidelines = z.object({
  /** Version of the rubric that brought these words; null where no rubric holds them. */
  version: z.number().int().nullable(),
  since: z.string().nullable(),
  /** The words under which the rater answered last, where they were others. */
  before: z
    .object({
      version: z.number().int(),
      question: z.string(),
      guidance: z.string(),
      scale: ScaleView,
      answeredAt: z.string(),
    })
    .nullable(),
})
export type Guidelines = z.infer<typeof Guidelines>

export const ReviewQuestion = z.object({
  assignmentId: z.string(),
  episodeId: z.string(),
  question: z.string(),
  scale: ScaleView,
  guidance: z.string(),
  /** An answer that somebody gave, to be checked; null: the answer is to be found. Not told: whose it is. */
  proposed: z.string().nullable(),
  guidanceVersion: z.string(),
  guidelines: Guidelines,
  /** The rater's own standing answer; null before the first. */
  mine: z
    .object({
      ratingId: z.string(),
      answer: CommittedAnswer,
      probability: z.number().nullable(),
      comment: z.string(),
      evidence: z.array(z.number().int()),
      flagged: z.boolean(),
    })
    .nullable(),
  /** Steps that may help, by rule (calls the question names), the same whoever acted. */
  suggestedSteps: z.array(z.number().int()),
})
export type ReviewQuestion = z.infer<typeof ReviewQuestion>

export const ReviewProgress = z.object({
  answered: z.number().int(),
  /** Open to this rater, with those answered already. */
  total: z.number().int(),
  /** Median time of an answer of this rater, idle time cut off; null before five answers. */
  secondsAnAnswer: z.number().nullable(),
})

/**
 * Answers given in the last 24 hours, of every kind of question alike. How many questions are left in all is not told: answering a
 * known one leaves as many, and so would tell.
 */
export const LastDay = z.object({
  mine: z.number().int(),
  /** Of people, as of some seconds ago; null: not counted yet. */
  everybody: z.number().int().nullable(),
})
export type LastDay = z.infer<typeof LastDay>

/** Qualification round of the person who asks; null where a project has none. No question is given before it is done. */
export const RoundProgress = z.object({
  answered: z.number().int(),
  right: z.number().int(),
  /** At most so many; fewer when less decides. */
  total: z.number().int(),
  tier: z.enum(RATER_TIERS),
  done: z.boolean(),
})
export type RoundProgress = z.infer<typeof RoundProgress>

/** The next question, reserved for this rater; `null` when nothing is open. */
export const NextQuestion = z.object({
  question: ReviewQuestion.nullable(),
  progress: ReviewProgress,
  lastDay: LastDay,
  round: RoundProgress.nullable(),
})
export type NextQuestion = z.infer<typeof NextQuestion>

/** The questions of one episode that were given to this rater (sheet mode). */
export const ReviewSheet = z.object({ episodeId: z.string(), questions: z.array(ReviewQuestion) })
export type ReviewSheet = z.infer<typeof ReviewSheet>

export const CommitAnswer = z.strictObject({
  /** A fresh UUID for each commit; the same again is the same answer, not a second one. */
  commitKey: z.uuid(),
  answer: ReviewAnswer,
  /** How probable the rater holds its own answer; left out where it says nothing. */
  probability: z.number().min(0).max(1).optional(),
  comment: z.string().max(4_000).default(''),
  /** Steps that show it. */
  evidence: z.array(z.number().int().min(0)).max(100).default([]),
  flagged: z.boolean().default(false),
  /** The own rating that this one corrects. Left out for the first answer. */
  supersedes: z.uuid().optional(),
  startedAt: z.iso.datetime(),
  /** The sender will show a critique that comes back: what is not shown must not be counted as help. */
  showsCritique: z.boolean().default(false),
  /** The same for the parts of a split question. */
  showsParts: z.boolean().default(false),
})
export const Committed = z.object({
  ratingId: z.string(),
  progress: ReviewProgress,
  /** What critics say is wrong, told once the first answer is given; null: nothing, or not to this one. */
  critique: CritiqueView.nullable(),
  /** What others say to the parts of the question, told likewise; never beside a critique. */
  parts: PartsView.nullable(),
})
export type Committed = z.infer<typeof Committed>
export const UndoAnswer = z.strictObject({ commitKey: z.uuid() })
/** What was undone, open again. */
export const Undone = z.object({ question: ReviewQuestion, progress: ReviewProgress })

export const InboxView = z.object({
  progress: ReviewProgress,
  lastDay: LastDay,
  round: RoundProgress.nullable(),
  /** Questions on which others disagree and this person may decide; null: it is not theirs to decide. */
  disagreements: z.number().int().nullable(),
  /** Newest first, at most 50. */
  recent: z.array(
    z.object({
      assignmentId: z.string(),
      episodeId: z.string(),
      question: z.string(),
      answer: CommittedAnswer,
      flagged: z.boolean(),
      committedAt: z.string(),
    }),
  ),
})
export type InboxView = z.infer<typeof InboxView>

const assignment = '/api/projects/{project}/review/{assignment}'
export const showInbox = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/inbox',
  response: InboxView,
})
/** POST: it reserves. Asked again without an answer, it gives the same question. */
export const nextQuestion = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/review/next',
  body: z.strictObject({ mode: z.enum(['focus', 'sheet']).default('focus') }),
  response: NextQuestion,
})
export const showSheet = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/review/sheet/{episode}',
  response: ReviewSheet,
})
export const showQuestion = endpoint({ method: 'GET', path: assignment, response: ReviewQuestion })
export const commitAnswer = endpoint({
  method: 'POST',
  path: `${assignment}/answer`,
  body: CommitAnswer,
  response: Committed,
})
/** Takes back the rater's newest answer that is not locked yet. A label that a gate has read is locked. */
export const undoAnswer = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/review/undo',
  body: UndoAnswer,
  response: Undone,
})

/** Puts questions into the inbox by choice (for calibration, practice, gold). Never evidence for a gate. */
export const AskQuestions = z.strictObject({
  rubric: z.uuid(),
  /** Criterion ids of the rubric; all that people may answer when left out. */
  criteria: z.array(z.string().max(80)).max(500).optional(),
  /** Episodes by id, or so many of the agent's drawn at random. */
  episodes: z.union([
    z.array(z.uuid()).min(1).max(10_000),
    z.strictObject({ random: z.number().int().min(1).max(10_000) }),
  ]),
  answersWanted: z.number().int().min(1).max(20).default(1),
})
export const AskedQuestions = z.object({ added: z.number().int(), known: z.number().int() })
export const askQuestions = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/review/questions',
  body: AskQuestions,
  response: AskedQuestions,
})
