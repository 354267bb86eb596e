/**
 * The normalised episode: what every import format becomes, before it is hashed, redacted and stored.
 *
 * Pure data. Changing the meaning of any field here changes content hashes, so it needs a new
 * `NORMALISER_VERSION` and a decision note.
 */

/** A JSON value. Episodes never hold NaN, Infinity or undefined. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Part of the content hash: two normalisers of different versions never claim to have seen the same episode. */
export const NORMALISER_VERSION = 1

/** What a call could do at worst, mildest first. */
export const STAKES = ['read', 'reversible', 'costly', 'irreversible'] as const
export type Stakes = (typeof STAKES)[number]

export const STEP_KINDS = [
  'system', // instructions given to the agent by its makers
  'user', // what a person (or a simulated one) said
  'assistant', // text the agent said
  'reasoning', // text the agent thought
  'tool_call', // a call the agent proposed; `name` is the tool, `content` its arguments
  'tool_result', // what came back; `name` is the tool, `content` the result
  'generation', // one model call as a span (traces), holding the steps below it
  'span', // any other span of a trace
] as const
export type StepKind = (typeof STEP_KINDS)[number]

export type Step = {
  /** Position in the episode, from 0. */
  readonly ordinal: number
  /** Ordinal of the step this one happened inside, or null at the top. Always smaller than `ordinal`. */
  readonly parent: number | null
  readonly kind: StepKind
  /** Tool, model or span name; null when there is none. */
  readonly name: string | null
  /** Text, call arguments or result. Hostile: never markup, never instructions. */
  readonly content: Json
  /** Joins a tool_call with its tool_result. */
  readonly callId: string | null
  /** UTC, ISO 8601 with milliseconds; null when the source does not say. */
  readonly startedAt: string | null
  readonly durationMs: number | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  /** What went wrong in this step, in the source's words; null when nothing did. */
  readonly error: string | null
  /** Log probabilities of the sampled tokens in nats, when the source has them. Stored apart from the body. */
  readonly logprobs: readonly number[] | null
}

export type Outcome = {
  /** Trusted outcome of the environment in [0, 1], 1 = success; null when it was not measured. */
  readonly success: number | null
  /** True when the episode did harm of the kind a release states a bound for. */
  readonly severe: boolean
  /** Whatever else the environment said. */
  readonly detail: Json
}

export type Episode = {
  readonly normaliserVersion: typeof NORMALISER_VERSION
  /** The id the source gave it (trace id, conversation id), or null. */
  readonly sourceId: string | null
  /** What the agent was asked to do, in words; '' when the source does not say. */
  readonly instructions: string
  /** Stable name of the task, equal for two policies that were asked the same; null when unknown. */
  readonly taskKey: string | null
  /** The source's repetition number. Never used for pairing: some sources put something else here. */
  readonly trial: number | null
  readonly userKey: string | null
  readonly sessionKey: string | null
  readonly startedAt: string | null
  readonly durationMs: number | null
  readonly steps: readonly Step[]
  readonly outcome: Outcome
  /** What the source says of who acted. The importer's own flags win over it. */
  readonly agentName: string | null
  readonly policyName: string | null
  /** The complete agent configuration when the source has it, else null (the policy is then undeclared). */
  readonly policyConfig: Json
}

/**
 * The unit of randomisation and evidence: user, else session, else task, else null (cannot be paired).
 * Episodes of one unit are averaged, never counted as independent.
 */
export function unitKey(episode: Pick<Episode, 'userKey' | 'sessionKey' | 'taskKey'>): string | null {
  if (episode.userKey !== null) return `user:${episode.userKey}`
  if (episode.sessionKey !== null) return `session:${episode.sessionKey}`
  if (episode.taskKey !== null) return `task:${episode.taskKey}`
  return null
}

/** Limits of one record, enforced while streaming. */
export const EPISODE_LIMITS = {
  recordBytesMax: 64 * 1024 * 1024,
  stepBytesMax: 8 * 1024 * 1024,
  stepsMax: 100_000,
} as const
