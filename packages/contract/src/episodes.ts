/** Episodes as the API takes and answers them. What raters see has schemas of its own: an allow-list. */
import { STEP_KINDS } from '@leeway/core/episodes/episode'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'
import { PageQuery, pageOf } from './page.ts'

/** Name of what was removed, as it stands in `[redacted:label]`. */
const Label = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'must be 1 to 31 of a-z, 0-9 and -')

export const RedactionRule = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('field'),
    label: Label,
    /** Path in the episode: `steps[*].content.email`, `outcome.detail.**.phone`. `*` is one level, `**` any number. */
    path: z.string().min(1).max(500),
  }),
  z.object({
    kind: z.literal('pattern'),
    label: Label,
    /** Regular expression (JavaScript, with the u flag). Every match in any text is removed. */
    pattern: z.string().min(1).max(500),
    ignoreCase: z.boolean().optional(),
  }),
])
export type RedactionRule = z.infer<typeof RedactionRule>

/** Applied in order, before an episode is hashed or written. */
export const RedactionRules = z.array(RedactionRule).max(50)
export type RedactionRules = z.infer<typeof RedactionRules>

export const EpisodeRules = z.object({
  redaction: RedactionRules,
  /** Days an episode's text is kept; null keeps it until somebody erases it. */
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
})
export type EpisodeRules = z.infer<typeof EpisodeRules>

const ProblemPlace = {
  file: z.string(),
  /** From 1; null when the problem is the file's. */
  line: z.number().int().nullable(),
  /** Number of the record in the file, from 0. */
  index: z.number().int().nullable(),
}

export const ImportProblem = z.object({
  ...ProblemPlace,
  field: z.string().nullable(),
  reason: z.string(),
  expected: z.string(),
  fix: z.string(),
})
export type ImportProblem = z.infer<typeof ImportProblem>

export const ImportCounts = z.object({
  added: z.number().int(),
  /** Were there already, exactly so. */
  known: z.number().int(),
  /** Records that could not be read or stored. */
  refused: z.number().int(),
  /** Were erased once, and stay so. */
  erased: z.number().int(),
  /** Places where a redaction rule removed something. */
  redactions: z.number().int(),
  bytesRead: z.number().int(),
})
export type ImportCounts = z.infer<typeof ImportCounts>

/** One line each of the NDJSON answer of an import. The last one is `summary`, or `failed` when the import broke off. */
export const ImportEvent = z.discriminatedUnion('kind', [
  /** Sent after a commit: everything counted here is stored. */
  z.object({ kind: z.literal('progress'), ...ImportCounts.shape }),
  z.object({ kind: z.literal('problem'), ...ImportProblem.shape }),
  z.object({
    kind: z.literal('summary'),
    ...ImportCounts.shape,
    format: z.string().nullable(),
    /** Of the episodes of this file that are stored now: those with an outcome, and the sum of their successes. */
    outcomes: z.number().int(),
    successes: z.number(),
    problems: z.array(ImportProblem),
    /** Refused records that are not in `problems`. */
    problemsLeftOut: z.number().int(),
  }),
  z.object({ kind: z.literal('failed'), ...ImportCounts.shape, detail: z.string(), hint: z.string() }),
])
export type ImportEvent = z.infer<typeof ImportEvent>
export type ImportSummary = Extract<ImportEvent, { kind: 'summary' }>

export const ImportQuery = z.object({
  /** Who acted. Needed unless every record says it. */
  agent: z.string().max(200).optional(),
  policy: z.string().max(200).optional(),
  /** A policy declared before, instead of agent and policy. */
  policyId: z.uuid().optional(),
  /** Name of the file in messages. */
  file: z.string().max(300).optional(),
})
export type ImportQuery = z.infer<typeof ImportQuery>

export const RedactionPreviewQuery = ImportQuery.extend({
  /** Rules to try, as JSON; the project's own when left out. */
  rules: z.string().max(20_000).optional(),
})

export const RedactionPreview = z.object({
  episodes: z.number().int(),
  /** Records that could not be read. */
  refused: z.number().int(),
  /** True when the file was longer than what was looked at. */
  partial: z.boolean(),
  rules: z.array(
    z.object({
      label: z.string(),
      kind: z.enum(['field', 'pattern']),
      /** The path or the pattern. */
      rule: z.string(),
      removed: z.number().int(),
      episodes: z.number().int(),
      /** First places, with all but the first character masked. */
      examples: z.array(z.object({ episode: z.number().int(), path: z.string(), masked: z.string() })),
    }),
  ),
})
export type RedactionPreview = z.infer<typeof RedactionPreview>

export const EpisodeHeader = z.object({
  id: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  policyId: z.string(),
  policyName: z.string(),
  policyDeclared: z.boolean(),
  title: z.string(),
  format: z.string(),
  sourceId: z.string().nullable(),
  taskKey: z.string().nullable(),
  trial: z.number().int().nullable(),
  unitKey: z.string().nullable(),
  stepCount: z.number().int(),
  success: z.number().nullable(),
  severe: z.boolean(),
  simulated: z.boolean(),
  startedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  errorCount: z.number().int(),
  redactionCount: z.number().int(),
  contentHash: z.string(),
  importedAt: z.string(),
})
export type EpisodeHeader = z.infer<typeof EpisodeHeader>

/** No agent, policy, source, task or outcome: nothing that could tell a rater which arm this is or what to think. */
export const RaterEpisodeHeader = EpisodeHeader.pick({
  id: true,
  title: true,
  stepCount: true,
  durationMs: true,
  errorCount: true,
  redactionCount: true,
})
export type RaterEpisodeHeader = z.infer<typeof RaterEpisodeHeader>

export const EpisodeQuery = PageQuery.extend({
  agent: z.string().max(200).optional(),
  policy: z.string().max(200).optional(),
  success: z.enum(['yes', 'no', 'unknown']).optional(),
  task: z.string().max(1_000).optional(),
  /** Part of the title, upper and lower case alike. */
  text: z.string().max(200).optional(),
})
export type EpisodeQuery = z.infer<typeof EpisodeQuery>

export const EpisodePage = pageOf(EpisodeHeader)
export type EpisodePage = z.infer<typeof EpisodePage>
export const RaterEpisodePage = pageOf(RaterEpisodeHeader)

export const EpisodeDetail = z.object({
  ...EpisodeHeader.shape,
  /** False when retention removed the text: the header and the outcome are all that is left. */
  hasBody: z.boolean(),
  instructions: z.string(),
  outcomeDetail: JsonValue,
  sourceAgentName: z.string().nullable(),
  sourcePolicyName: z.string().nullable(),
})
export type EpisodeDetail = z.infer<typeof EpisodeDetail>

export const RaterEpisodeDetail = z.object({
  ...RaterEpisodeHeader.shape,
  hasBody: z.boolean(),
  instructions: z.string(),
})
export type RaterEpisodeDetail = z.infer<typeof RaterEpisodeDetail>

/** All steps of an episode in columns: entry i of each list belongs to step i. */
export const StepIndex = z.object({
  count: z.number().int(),
  parent: z.array(z.number().int().nullable()),
  kind: z.array(z.enum(STEP_KINDS)),
  /** Distinct names; `name` holds positions in it. */
  names: z.array(z.string()),
  name: z.array(z.number().int().nullable()),
  /** Milliseconds since 1970, UTC. */
  startedAtMs: z.array(z.number().nullable()),
  durationMs: z.array(z.number().nullable()),
  inputTokens: z.array(z.number().int().nullable()),
  outputTokens: z.array(z.number().int().nullable()),
  /** First 120 characters. */
  error: z.array(z.string().nullable()),
  preview: z.array(z.string()),
})
export type StepIndex = z.infer<typeof StepIndex>

export const STEP_BODIES_MAX = 256

/** `rater`: what a rater would see, whoever asks. The review page asks so, for people who may see more too. */
export const EpisodeView = z.object({ as: z.literal('rater').optional() })
export type EpisodeView = z.infer<typeof EpisodeView>

export const StepBodiesQuery = EpisodeView.extend({
  from: z.coerce.number().int().min(0).max(1_000_000).default(0),
  count: z.coerce.number().int().min(1).max(STEP_BODIES_MAX).default(STEP_BODIES_MAX),
})
export type StepBodiesQuery = z.infer<typeof StepBodiesQuery>

export const StepBody = z.object({
  ordinal: z.number().int(),
  parent: z.number().int().nullable(),
  kind: z.enum(STEP_KINDS),
  name: z.string().nullable(),
  content: JsonValue,
  callId: z.string().nullable(),
  startedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  error: z.string().nullable(),
})
export type StepBody = z.infer<typeof StepBody>

/** May hold fewer steps than asked for when they are large; `nextFrom` says where to go on, null at the end. */
export const StepBodies = z.object({
  steps: z.array(StepBody),
  nextFrom: z.number().int().nullable(),
})
export type StepBodies = z.infer<typeof StepBodies>

export const EraseEpisode = z.object({ reason: z.string().trim().min(3).max(500) })
export type EraseEpisode = z.infer<typeof EraseEpisode>

export const ErasedEpisode = z.object({ id: z.string(), erasedAt: z.string(), ledgerSeq: z.number().int() })
export type ErasedEpisode = z.infer<typeof ErasedEpisode>

export const listEpisodes = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes',
  query: EpisodeQuery,
  response: EpisodePage,
})
export const showEpisode = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episode}',
  query: EpisodeView,
  response: EpisodeDetail,
})
export const showStepIndex = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episode}/steps',
  query: EpisodeView,
  response: StepIndex,
})
export const showStepBodies = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episode}/steps/bodies',
  query: StepBodiesQuery,
  response: StepBodies,
})
export const eraseEpisode = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/episodes/{episode}/erase',
  body: EraseEpisode,
  response: ErasedEpisode,
})
export const showEpisodeRules = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episode-rules',
  response: EpisodeRules,
})
export const setEpisodeRules = endpoint({
  method: 'PUT',
  path: '/api/projects/{project}/episode-rules',
  body: EpisodeRules,
  response: EpisodeRules,
})
