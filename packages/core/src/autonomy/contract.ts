/**
 * The autonomy contract of an agent: what each of its policies may do, on what evidence, until when. Data only; signed and
 * stored by the server, enforced by gateways, read by people.
 */
import type { Json, Stakes } from '../episodes/episode.ts'
import { isNamedTool } from '../episodes/tool-name.ts'
import type { Autonomy } from '../ladder/ladder.ts'

export const CONTRACT_FORMAT = 'leeway-contract/1'

/** What holds for a tool whichever policy calls it. */
export type ToolTerms = {
  /** `*` at the end stands for anything; the first terms that fit a call hold. */
  readonly name: string
  /** What a call could do at worst. */
  readonly stakes: Stakes
  /** JSON Schema (2020-12) that the arguments must satisfy; left out: any object. */
  readonly arguments?: Json
  /** Members of the arguments that are set whatever the agent wrote, such as `{"dry_run": true}`. */
  readonly set?: Readonly<Record<string, Json>>
}

/** What one policy may do. */
export type Grant = {
  readonly policyId: string
  /** SHA-256 (hex) of the policy's configuration; '' for an undeclared one, which may do no more than suggest. */
  readonly policySha256: string
  readonly autonomy: Autonomy
  /** Steps of one conversation: messages, calls and results. */
  readonly horizonSteps: number
  /** Highest stakes class of a call. */
  readonly stakes: Stakes
  /** Of the terms' tools; 'all' are all of them. */
  readonly tools: 'all' | readonly string[]
  /** Probability in [0, 1] that a call above `read` is released without a person. */
  readonly withoutReview: number
  /** Nats a conversation; null: no budget. */
  readonly klNatsMax: number | null
  /** Largest probability of a false log-ratio stop of a conversation; left out: none is watched for. */
  readonly falseStopMax?: number | undefined
}

export type ContractLimits = {
  readonly bodyBytesMax: number
  /** Tool calls in one response. */
  readonly callsMax: number
  /** Refused responses in one conversation before it is stopped. */
  readonly denialsMax: number
  readonly requestsPerMinute: number
  /** US dollars a UTC day for the agent; null: no limit. */
  readonly usdPerDay: number | null
  /**
   * US dollars a UTC day for calls of a candidate beside the baseline, which are not the agent's. Null or left out: no limit where
   * `usdPerDay` is none either, else none is made.
   */
  readonly shadowUsdPerDay?: number | null
  /** Answers from which a client may have the best chosen; 1 or left out: none may. */
  readonly bestOfMax?: number
  /** Answers that are drawn where the client says nothing, at most `bestOfMax`; 1 or left out: one. */
  readonly bestOf?: number
  /** Id of the model rater whose answers choose among them, beside programs. Null or left out: programs alone. */
  readonly bestOfJudge?: string | null
  /** How long it is waited for. */
  readonly bestOfJudgeSeconds?: number
  /** Calls of the agent that wait for a person at once. */
  readonly holdsMax: number
  /** How long a call waits for a person. */
  readonly holdSeconds: number
}

export const TELLS = ['policy', 'stage'] as const
export type Tells = (typeof TELLS)[number]

export type AutonomyContract = {
  readonly format: typeof CONTRACT_FORMAT
  readonly projectId: string
  readonly agent: string
  /** 1, 2, 3 … of the agent. */
  readonly version: number
  readonly issuedAt: string
  /** After this instant only the baseline serves, and nothing above `read` is released without a person. */
  readonly expiresAt: string
  readonly tools: readonly ToolTerms[]
  readonly baseline: Grant
  /** Null while no release gives the agent a candidate. */
  readonly candidate: Grant | null
  readonly limits: ContractLimits
  /**
   * What headers of the gateway's answers tell of who serves; left out: nothing. A policy that can read them can behave differently,
   * so that nothing measured under it is evidence.
   */
  readonly tells?: readonly Tells[]
  /** Stakes classes whose calls are released when Leeway cannot decide; all others are not. Never costly or above. */
  readonly failOpen: readonly Stakes[]
  /** Ids of the release, of its stage and of the check that opened it, as far as there are any. */
  readonly evidence: {
    readonly releaseId: string | null
    readonly stage: string | null
    readonly checkId: string | null
  }
  /** Who approved it: account or key ids. */
  readonly approvers: readonly string[]
}

export const DEFAULT_LIMITS: Required<ContractLimits> = {
  bodyBytesMax: 8 << 20,
  callsMax: 32,
  denialsMax: 3,
  requestsPerMinute: 6_000,
  usdPerDay: null,
  shadowUsdPerDay: null,
  bestOfMax: 1,
  bestOf: 1,
  bestOfJudge: null,
  bestOfJudgeSeconds: 10,
  holdsMax: 50,
  holdSeconds: 300,
}

/** The terms that hold for a tool; undefined: the contract does not know it, so it is not allowed. */
export function termsOf(contract: Pick<AutonomyContract, 'tools'>, tool: string): ToolTerms | undefined {
  return contract.tools.find(({ name }) => isNamedTool(name, tool))
}
