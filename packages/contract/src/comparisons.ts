/**
 * Which of two episodes is better: asked of people and models, and what the answers come to. What raters are told here
 * has one shape for every pair: no policy, nobody else's answer, and not whether the answer is known.
 */
import { SKIP_REASONS } from '@leeway/core/rubrics/answer'
import { z } from 'zod'
import { Measured } from './agreement.ts'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'
import { PageQuery, pageOf } from './page.ts'
import { Guidelines, ReviewProgress, RoundProgress } from './review.ts'

export const COMPARED = ['left', 'right', 'equal'] as const

/** One pair as its rater sees it. The sides were drawn when it was first given, and stay. */
export const ComparisonTurn = z.object({
  pairId: z.string(),
  question: z.string(),
  guidance: z.string(),
  guidanceVersion: z.string(),
  guidelines: Guidelines,
  left: z.object({ episodeId: z.string() }),
  right: z.object({ episodeId: z.string() }),
})
export type ComparisonTurn = z.infer<typeof ComparisonTurn>

/** `null` when no pair is open to this rater. */
export const NextComparison = z.object({
  comparison: ComparisonTurn.nullable(),
  progress: ReviewProgress,
  round: RoundProgress.nullable(),
})
export type NextComparison = z.infer<typeof NextComparison>

const Evidence = z.array(z.number().int().min(0)).max(100).default([])
export const CommitComparison = z.strictObject({
  /** A fresh UUID for each commit; the same again is the same answer, not a second one. */
  commitKey: z.uuid(),
  answer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('answered'), value: z.enum(COMPARED) }),
    z.strictObject({ kind: z.literal('abstained'), reason: z.enum(SKIP_REASONS) }),
  ]),
  /** How probable the rater holds its own answer; left out where it says nothing. */
  probability: z.number().min(0).max(1).optional(),
  comment: z.string().max(4_000).default(''),
  /** Steps that show it, of each side. */
  leftEvidence: Evidence,
  rightEvidence: Evidence,
  flagged: z.boolean().default(false),
  startedAt: z.iso.datetime(),
})
export const ComparisonCommitted = z.object({ answerId: z.string(), progress: ReviewProgress })
export const UndoComparison = z.strictObject({ commitKey: z.uuid() })
/** What was undone, open again, with the same sides. */
export const ComparisonUndone = z.object({ comparison: ComparisonTurn, progress: ReviewProgress })

const review = '/api/projects/{project}/review/comparisons'
export const showComparisonProgress = endpoint({ method: 'GET', path: review, response: ReviewProgress })
/** POST: it reserves for 15 minutes. Asked again without an answer, it gives the same pair. */
export const nextComparison = endpoint({
  method: 'POST',
  path: `${review}/next`,
  body: z.strictObject({}),
  response: NextComparison,
})
export const commitComparison = endpoint({
  method: 'POST',
  path: `${review}/{pair}/answer`,
  body: CommitComparison,
  response: ComparisonCommitted,
})
export const undoComparison = endpoint({
  method: 'POST',
  path: `${review}/undo`,
  body: UndoComparison,
  response: ComparisonUndone,
})

/** Opens pairs of runs of the same unit. Such answers never enter a gate. */
export const AskComparisons = z.strictObject({
  rubric: z.uuid(),
  /** A question of the rubric with the scale pairwise. */
  criterion: z.string().max(80),
  /** Two or more by name: runs of different ones are paired. One alone: two of its own runs are. */
  policies: z.array(z.string().min(1).max(200)).min(1).max(20),
  /** At most so many pairs, drawn at random, every unit before a second pair of any. */
  pairs: z.number().int().min(1).max(2_000).default(100),
  /** Of different people for each pair; 0: models only. */
  answersWanted: z.number().int().min(0).max(20).default(1),
  /** Model raters that answer each pair in both orders. */
  judges: z.array(z.uuid()).max(20).default([]),
})
export const AskedComparisons = z.object({
  id: z.string(),
  added: z.number().int(),
  /** Drawn, but both did and said the same: there is nothing to prefer. */
  alike: z.number().int(),
})

/** A pair whose better run is known, put among the others to see who finds it. */
export const AddKnownComparison = z.strictObject({
  rubric: z.uuid(),
  criterion: z.string().max(80),
  better: z.uuid(),
  worse: z.uuid(),
})

/** One question about the runs of one agent. */
const Compared = {
  agentId: z.string(),
  agent: z.string(),
  criterionSha256: z.string(),
  question: z.string(),
  /** Known ones left out. */
  pairs: z.number().int(),
  answers: z.number().int(),
  answersWanted: z.number().int(),
}
export const ComparisonList = z.object({ questions: z.array(z.object(Compared)) })
export type ComparisonList = z.infer<typeof ComparisonList>

const Nulls = z.object({ left: Measured, longer: Measured, shorter: Measured })
export const ComparisonReport = z.object({
  ...Compared,
  raters: z.number().int(),
  units: z.number().int(),
  ties: z.number().int(),
  skipped: z.number().int(),
  flagged: z.number().int(),
  /** What the answers say, in sentences. */
  words: z.array(z.string()),
  policies: z.array(
    z.object({
      better: z.string(),
      worse: z.string(),
      sentence: z.string(),
      answers: z.number().int(),
      pairs: z.number().int(),
      ties: z.number().int(),
      /** How often `better` is preferred, by people. */
      people: Measured,
      models: z.array(z.object({ rater: z.string(), share: Measured })),
      /** How often it would be by raters who look at nothing but the side or the length. */
      nulls: Nulls,
    }),
  ),
  /** How often raters who look at nothing say what people said who preferred one. */
  nullsAgree: Nulls,
  /** Bradley-Terry, in log odds; each group of policies that can be put on one scale. */
  strengths: z.object({
    insufficient: z.string().nullable(),
    groups: z.array(
      z.array(
        z.object({
          policy: z.string(),
          rating: Measured,
          rank: z.object({ best: z.number().int(), worst: z.number().int() }).nullable(),
          answers: z.number().int(),
        }),
      ),
    ),
    /** What being shown on the left is worth, in log odds; null where it cannot be told. */
    shownLeft: Measured.nullable(),
  }),
  people: z.array(
    z.object({
      rater: z.string(),
      answers: z.number().int(),
      /** Probability of answering as the strengths of all would have it; insufficient where one rater answered. */
      reliability: Measured,
      /** Pairs whose better run is known, and how many were found. */
      known: z.number().int(),
      knownRight: z.number().int(),
    }),
  ),
  models: z.array(
    z.object({
      rater: z.string(),
      /** Answered in both orders. */
      pairs: z.number().int(),
      /** Share of them on which the order changed the winner. */
      flipped: Measured,
      /** Share of pairs on which it prefers what most people prefer. */
      withPeople: Measured,
      /** Why it does not go on; null: nothing holds it up, or all is answered. */
      waiting: z.string().nullable(),
      costUsd: z.number().nullable(),
    }),
  ),
})
export type ComparisonReport = z.infer<typeof ComparisonReport>

export const ComparisonAnswersQuery = PageQuery.extend({ by: z.enum(['people', 'models']).default('people') })
/** One answer as `leeway compare` reads it. */
export const ComparisonRow = z.object({
  left: z.string(),
  right: z.string(),
  winner: z.enum(['left', 'right', 'tie']),
  rater: z.string(),
  /** SHA-256 of the unit. */
  unit: z.string(),
  length_left: z.number().int(),
  length_right: z.number().int(),
  pair: z.string(),
  at: z.string(),
})
export type ComparisonRow = z.infer<typeof ComparisonRow>

const Message = z.object({
  role: z.enum(['user', 'assistant', 'tool']),
  content: z.string(),
  name: z.string().optional(),
  tool_calls: z.array(JsonValue).optional(),
})
/** A row of a preference data set, as TRL reads it; what else stands in it is passed through. */
export const PreferenceRow = z.object({
  prompt: z.array(Message),
  chosen: z.array(Message),
  rejected: z.array(Message),
  /** 2 p - 1: 0 knows nothing, 1 is certain. */
  weight: z.number(),
  p: z.number(),
  raters: z.number().int(),
  pair: z.string(),
})
export type PreferenceRow = z.infer<typeof PreferenceRow>
export const PreferencePage = pageOf(PreferenceRow).extend({
  /** Of this page: pairs of units that a release has drawn or may draw. They are kept for gates. */
  reserved: z.number().int(),
  /** Of this page: people are split evenly, or the runs do not begin alike. */
  leftOut: z.number().int(),
})

const comparisons = '/api/projects/{project}/comparisons'
const question = `${comparisons}/{agent}/{criterion}` as const
export const listComparisons = endpoint({ method: 'GET', path: comparisons, response: ComparisonList })
export const askComparisons = endpoint({
  method: 'POST',
  path: comparisons,
  body: AskComparisons,
  response: AskedComparisons,
})
export const addKnownComparison = endpoint({
  method: 'POST',
  path: `${comparisons}/known`,
  body: AddKnownComparison,
  response: z.object({ pair: z.string() }),
})
export const showComparison = endpoint({ method: 'GET', path: question, response: ComparisonReport })
export const listComparisonAnswers = endpoint({
  method: 'GET',
  path: `${question}/answers`,
  query: ComparisonAnswersQuery,
  response: pageOf(ComparisonRow),
})
export const listPreferences = endpoint({
  method: 'GET',
  path: `${question}/preferences`,
  query: PageQuery,
  response: PreferencePage,
})
