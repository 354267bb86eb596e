/** Rubrics as the API shows them. How people write one is in `rubric-document`. */
import { COMBINATIONS, RATER_KINDS } from '@leeway/core/rubrics/rubric'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const ScaleView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('yes-no'), good: z.enum(['yes', 'no']) }),
  z.object({ kind: z.literal('ordinal'), levels: z.array(z.string()) }),
  z.object({ kind: z.literal('number'), min: z.number(), max: z.number() }),
  z.object({ kind: z.literal('pairwise') }),
])
export type ScaleView = z.infer<typeof ScaleView>

export const CriterionView = z.object({
  id: z.string(),
  /** Content hash: what ratings point at. */
  sha256: z.string(),
  question: z.string(),
  scale: ScaleView,
  guidance: z.string(),
  answeredBy: z.array(z.enum(RATER_KINDS)),
  /** Ratings of this exact question so far, by any rater. */
  ratings: z.number().int(),
})
export type CriterionView = z.infer<typeof CriterionView>

/** The tree in reading order: a node stands after its parent. */
export const RubricNodeView = z.object({
  id: z.string(),
  parent: z.string().nullable(),
  depth: z.number().int(),
  weight: z.number(),
  required: z.boolean(),
  /** Null for a leaf. */
  combine: z.enum(COMBINATIONS).nullable(),
  /** Null for a parent that is not asked as a whole. */
  criterion: CriterionView.nullable(),
  /** In words, what the program looks for; null when no program answers. */
  check: z.string().nullable(),
  /** Words of the rubric's instruction that its question checks, verbatim. */
  checks: z.array(z.string()),
})
export type RubricNodeView = z.infer<typeof RubricNodeView>

export const RubricVersion = z.object({
  id: z.string(),
  version: z.number().int(),
  sha256: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
})

export const RubricSummary = RubricVersion.extend({
  agent: z.string(),
  name: z.string(),
  questions: z.number().int(),
  /** Episodes of the agent, and those on which all programs of this version have run. */
  episodes: z.number().int(),
  applied: z.number().int(),
})
export type RubricSummary = z.infer<typeof RubricSummary>

export const RubricView = RubricSummary.extend({
  source: z.string(),
  /** What the agent was told; null where the rubric does not hold it. */
  instruction: z.string().nullable(),
  nodes: z.array(RubricNodeView),
  /** Newest first. */
  versions: z.array(RubricVersion),
})
export type RubricView = z.infer<typeof RubricView>

/** One finding of lint. `error` keeps a rubric from being saved. */
export const RubricProblem = z.object({
  severity: z.enum(['error', 'warning']),
  line: z.number().int(),
  /** Where in the document: `children[2].check.pattern`. */
  path: z.string(),
  problem: z.string(),
  fix: z.string(),
})
export type RubricProblem = z.infer<typeof RubricProblem>

export const SaveRubric = z.strictObject({
  agent: z.string().min(1).max(200),
  /** YAML or JSON, see docs/guide/rubrics.md. */
  source: z.string().min(1).max(500_000),
})
export const SavedRubric = z.object({
  id: z.string(),
  version: z.number().int(),
  /** False when this is the newest version already. */
  added: z.boolean(),
  /** Questions of the version before whose wording changed: their ratings do not carry over. */
  leftBehind: z.array(z.object({ id: z.string(), ratings: z.number().int() })),
  warnings: z.array(RubricProblem),
})

/** Runs the programs on episodes that lack them; answers when the batch is done. Ask again until `remaining` is 0. */
export const AppliedRubric = z.object({ episodes: z.number().int(), remaining: z.number().int() })

/** How well one leaf, or the whole, tells success from failure on episodes with a trusted outcome. */
export const PredictionView = z.object({
  id: z.string(),
  question: z.string(),
  /** Who answered: programs, models, or all together. */
  by: z.string(),
  episodes: z.number().int(),
  /** Area under the ROC curve; null with fewer than two of either kind. */
  auroc: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})
export type PredictionView = z.infer<typeof PredictionView>
export const RubricPredictions = z.object({ items: z.array(PredictionView) })

const one = '/api/projects/{project}/rubrics/{rubric}'
export const listRubrics = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/rubrics',
  response: z.object({ items: z.array(RubricSummary) }),
})
export const saveRubric = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/rubrics',
  body: SaveRubric,
  response: SavedRubric,
})
export const showRubric = endpoint({ method: 'GET', path: one, response: RubricView })
export const applyRubric = endpoint({
  method: 'POST',
  path: `${one}/apply`,
  body: z.object({}),
  response: AppliedRubric,
})
export const showPredictions = endpoint({
  method: 'GET',
  path: `${one}/predictions`,
  response: RubricPredictions,
})
