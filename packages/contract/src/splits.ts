/**
 * Split questions: a yes/no question put as several smaller ones, each with ratings of its own, which may be split again. After a
 * first answer to the whole, a rater may be shown what others say to the parts.
 */
import { SPLIT_RULES } from '@leeway/core/oversight/combine-parts'
import { RATER_KINDS } from '@leeway/core/rubrics/rubric'
import { z } from 'zod'
import { HelpArm } from './critiques.ts'
import { endpoint } from './endpoint.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const PART_COUNT_MAX = 12
const NewPart = z.strictObject({
  question: z.string().trim().min(3).max(1_000),
  guidance: z.string().trim().max(4_000).default(''),
  /** The answer with which it holds. */
  good: z.enum(['yes', 'no']).default('yes'),
  answeredBy: z.array(z.enum(RATER_KINDS)).min(1).max(3).default(['human', 'model']),
})

export const SaveSplit = z.strictObject({
  /** The rubric that the whole belongs to, as a question of it or as a part further down. */
  rubric: z.uuid(),
  criterionSha256: Sha256,
  rule: z.enum(SPLIT_RULES).default('all'),
  /** None: the question is split no more. */
  parts: z.array(NewPart).max(PART_COUNT_MAX),
  /** People who shall answer each part. */
  answersWanted: z.number().int().min(0).max(9).default(1),
  /** The model rater that answers each part, too. */
  judge: z.uuid().nullable().default(null),
})

/** Of one question about one episode, with all that is asked below it. */
export const SplitRules = z.strictObject({
  /** Share of first answers after which the parts are shown where there is anything to show; the others are the control. */
  share: z.number().min(0).max(1).default(0.5),
  depthMax: z.number().int().min(1).max(5).default(2),
  answersMax: z.number().int().min(0).max(200).default(12),
  usdMax: z.number().min(0).max(1_000).default(0.1),
})
export type SplitRules = z.infer<typeof SplitRules>

const Rate = z.object({ share: z.number(), low: z.number(), high: z.number() })
/** What is foreseen of a split. `unknown`: why nothing is; that is no advice against it. */
export const SplitPlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unknown'), reason: z.string() }),
  z.object({
    kind: z.literal('forecast'),
    basis: z.enum(['same-items', 'parts']),
    verdict: z.enum(['hurts', 'helps', 'undecided']),
    whole: Rate,
    split: Rate,
    /** Split less whole. */
    difference: Rate,
    /** How often each part must be right for the whole to be no worse; null: no part can be that good. */
    partNeeded: z.number().nullable(),
    /** Raters of each part with whom it would be no worse; null: not up to nine. */
    ratersNeeded: z.number().int().nullable(),
  }),
])
export type SplitPlan = z.infer<typeof SplitPlan>

export const SavedSplit = z.object({ id: z.string(), added: z.boolean(), plan: SplitPlan })

/** A question of the tree with what its raters say and how often that is right. */
export const SplitNode = z.object({
  sha256: z.string(),
  question: z.string(),
  guidance: z.string(),
  good: z.enum(['yes', 'no']),
  answeredBy: z.array(z.enum(RATER_KINDS)),
  /** 0 for a question without parts; else one more than the highest of them. */
  height: z.number().int(),
  /** 0 for the whole. */
  depth: z.number().int(),
  /** The question it is a part of; null for the whole. */
  parent: z.string().nullable(),
  /** Null: it is not split. */
  rule: z.enum(SPLIT_RULES).nullable(),
  answersWanted: z.number().int(),
  judge: z.string().nullable(),
  /** Episodes on which anybody answered it. */
  answered: z.number().int(),
  /** Of those whose answer is known and may be told. */
  known: z.number().int(),
  right: Rate.nullable(),
  /** Between its own answer and what its parts say together; null where it has none or nothing can be compared. */
  compared: z.number().int(),
  agree: Rate.nullable(),
  /** Differences that were traced to it, and those in which it is one of several suspects. */
  blamed: z.number().int(),
  suspected: z.number().int(),
})
export type SplitNode = z.infer<typeof SplitNode>

/** An episode on which a question and its parts differ. */
export const SplitDifference = z.object({
  episodeId: z.string(),
  /** The question that differs from its own parts. */
  sha256: z.string(),
  said: z.boolean(),
  combined: z.boolean(),
  on: z.enum(['whole', 'parts', 'split', 'open']),
  certain: z.boolean(),
  /** Questions of the tree. */
  nodes: z.array(z.string()),
})
export type SplitDifference = z.infer<typeof SplitDifference>

export const SplitTree = z.object({
  id: z.string(),
  rubricId: z.string(),
  /** The whole first, each part right after what it is a part of. */
  nodes: z.array(SplitNode),
  plan: SplitPlan,
  /** Episodes for which the parts were put to raters, and how many parts were left out there because of the limits. */
  opened: z.number().int(),
  leftOut: z.number().int(),
  /** Newest episodes first, at most 50. */
  differences: z.array(SplitDifference),
  at: z.string(),
})
export type SplitTree = z.infer<typeof SplitTree>

export const SplitReport = z.object({
  /** Null: nobody is asked parts or shown them. */
  rules: SplitRules.nullable(),
  trees: z.array(SplitTree),
  arms: z.array(HelpArm.extend({ arm: z.enum(['decomposition', 'none']) })),
  /** Of answers that stand, decomposition less none, on known items; null when it cannot be told. */
  difference: Rate.nullable(),
})
export type SplitReport = z.infer<typeof SplitReport>

/** What a rater is shown of the parts after a first answer. Who answered is not told. */
const PartAnswer = z.object({
  value: z.string(),
  comment: z.string(),
  steps: z.array(z.number().int()),
})
export const PartView = z.object({
  question: z.string(),
  guidance: z.string(),
  /** Of others; empty: nobody has answered yet. */
  answers: z.array(PartAnswer),
  /** What this rater says of it; null before. */
  mine: z.enum(['yes', 'no']).nullable(),
})
export type PartView = z.infer<typeof PartView>
export const PartsView = z.object({
  assignmentId: z.string(),
  rule: z.enum(SPLIT_RULES),
  parts: z.array(PartView).min(1),
  /** What follows from the parts by the rule, the rater's own answers going before the others'; null: nothing. */
  together: z.enum(['yes', 'no']).nullable(),
})
export type PartsView = z.infer<typeof PartsView>

export const AnswerPart = z.strictObject({
  /** Place in `parts`. */
  part: z.number().int().min(0).max(PART_COUNT_MAX),
  value: z.enum(['yes', 'no']),
})

const splits = '/api/projects/{project}/splits'
export const showSplits = endpoint({ method: 'GET', path: splits, response: SplitReport })
export const saveSplit = endpoint({ method: 'POST', path: splits, body: SaveSplit, response: SavedSplit })
/** What the planner says; nothing is stored. */
export const planSplit = endpoint({
  method: 'POST',
  path: `${splits}/plan`,
  body: SaveSplit,
  response: SplitPlan,
})
export const setSplitRules = endpoint({
  method: 'PUT',
  path: `${splits}/rules`,
  body: SplitRules,
  response: SplitReport,
})
export const answerPart = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/review/{assignment}/part',
  body: AnswerPart,
  response: PartsView,
})
