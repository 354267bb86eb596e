/** Upstreams of the gateway, how policies are served, and the halt. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'

const Name = z.string().trim().min(1).max(200)
const UsdPerMillion = z.strictObject({ input: z.number().min(0), output: z.number().min(0) })

/** Members of a request that say what is asked; who sets them here would answer something else. */
const NOT_SET: readonly string[] = [
  'messages',
  'input',
  'model',
  'stream',
  'stream_options',
  'n',
  'background',
  'previous_response_id',
  'conversation',
]

/** How an upstream says how probable its model finds a text that another wrote. */
export const ScoresWith = z.enum(['none', 'completions-echo', 'vllm-prompt-logprobs'])
export type ScoresWith = z.infer<typeof ScoresWith>

export const SetUpstream = z.strictObject({
  name: Name,
  /** With the version, as clients write it: `https://api.example.com/v1`. */
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  /** A key kept under Settings; left out where none is needed. */
  providerKeyId: z.uuid().optional(),
  timeoutSeconds: z.number().int().min(1).max(3_600).default(300),
  /** Where the baseline is, candidates' words are scored with it; `none`: they are not. */
  scoresWith: ScoresWith.default('none'),
})
const UpstreamView = z.object({
  name: z.string(),
  baseUrl: z.string(),
  /** Of the stored key that is sent; null when none is. */
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  timeoutSeconds: z.number(),
  scoresWith: ScoresWith,
  at: z.string(),
})
export type UpstreamView = z.infer<typeof UpstreamView>

export const SetServing = z.strictObject({
  agent: Name,
  policy: Name,
  upstream: Name,
  /** Another upstream with the same model under the same name, for when the first cannot be reached. */
  fallback: Name.optional(),
  /** As the upstream calls it. */
  model: Name,
  /** Members of the request that are set whatever the client sent, such as temperature. */
  set: z
    .record(z.string().min(1).max(100), JsonValue)
    .default({})
    .refine((set) => NOT_SET.every((name) => !Object.hasOwn(set, name)), {
      message: `cannot set ${NOT_SET.join(', ')}`,
    }),
  usdPerMillion: UsdPerMillion.optional(),
})
const ServingView = z.object({
  agent: z.string(),
  policy: z.string(),
  upstream: z.string(),
  fallback: z.string().nullable(),
  model: z.string(),
  set: z.record(z.string(), JsonValue),
  usdPerMillion: UsdPerMillion.nullable(),
  at: z.string(),
})
export type ServingView = z.infer<typeof ServingView>

/** How fast every process had what was decided. */
export const ReachView = z.object({
  /** Milliseconds until every process had it; null: some had not within two seconds. */
  tookMs: z.number().nullable(),
  replicas: z.number().int(),
  /** Processes that had not read it in time. They fall to the baseline by themselves when what they enforce runs out. */
  missing: z.number().int(),
})
export type ReachView = z.infer<typeof ReachView>

/** Of conversations that began at the present stage. */
const SplitView = z.object({
  /** Probability with which a unit is drawn for the candidate at this stage. */
  exposure: z.number(),
  /** Conversations whose unit was never drawn: they came during a halt, or when nobody could draw. The baseline served them. */
  notDrawn: z.number().int(),
  /** Of those that were drawn; null: none yet. The interval has level 0.95. */
  drawn: z
    .object({
      conversations: z.number().int(),
      byCandidate: z.number().int(),
      share: z.number(),
      low: z.number(),
      high: z.number(),
      /** 'fewer' and 'more' than drawn, where chance does not explain it. */
      standing: z.enum(['as-drawn', 'fewer', 'more']),
    })
    .nullable(),
})

const Halted = z
  .object({
    since: z.string(),
    reason: z.string(),
    actorName: z.string(),
    /** Null: not measured. */
    reach: ReachView.nullable(),
  })
  .nullable()

/** What the control of the halt needs, and no more: it asks every few seconds wherever it stands. */
export const HaltState = z.object({
  halted: Halted,
  /** Ids of the releases that the gateway enforces. */
  releases: z.array(z.string()),
})
export type HaltState = z.infer<typeof HaltState>

export const GatewayView = z.object({
  halted: Halted,
  /** Processes that enforce, as they were heard of in the last twenty seconds. */
  replicas: z.array(z.object({ id: z.string(), startedAt: z.string(), seenAt: z.string() })),
  upstreams: z.array(UpstreamView),
  servings: z.array(ServingView),
  /** Conversations of the last 24 hours, by agent. */
  agents: z.array(
    z.object({
      agent: z.string(),
      contractVersion: z.number().int(),
      expiresAt: z.string(),
      releaseId: z.string().nullable(),
      stage: z.string().nullable(),
      baseline: z.string(),
      /** Null while no release gives the agent one. */
      candidate: z.string().nullable(),
      conversations: z.number().int(),
      byCandidate: z.number().int(),
      turns: z.number().int(),
      refused: z.number().int(),
      /** No model, or no MCP server, answered. */
      failed: z.number().int(),
      /** Null where the stage of the agent's release gives its candidate no conversations. */
      split: SplitView.nullable(),
    }),
  ),
})
export type GatewayView = z.infer<typeof GatewayView>

export type AgentTraffic = GatewayView['agents'][number]

export const SetHalt = z.strictObject({
  halted: z.boolean(),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})
export const HaltView = ReachView.extend({ halted: z.boolean() })
export type HaltView = z.infer<typeof HaltView>

const gateway = '/api/projects/{project}/gateway'
export const showGateway = endpoint({ method: 'GET', path: gateway, response: GatewayView })
export const setUpstream = endpoint({
  method: 'POST',
  path: `${gateway}/upstreams`,
  body: SetUpstream,
  response: GatewayView,
})
export const setServing = endpoint({
  method: 'POST',
  path: `${gateway}/servings`,
  body: SetServing,
  response: GatewayView,
})
export const showHalt = endpoint({
  method: 'GET',
  path: `${gateway}/halt`,
  response: HaltState,
})
export const setHalt = endpoint({
  method: 'POST',
  path: `${gateway}/halt`,
  body: SetHalt,
  response: HaltView,
})
