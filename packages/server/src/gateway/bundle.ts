/** What a gateway enforces, in memory: the hot path asks nobody else. */
import type { ScoresWith } from '@leeway/contract/gateway'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import type { Json } from '@leeway/core/episodes/episode'

/** Where a model is called. */
export type UpstreamPlace = {
  readonly projectId: string
  /** Of the upstream, in its project. */
  readonly upstream: string
  /** Without a slash at the end. */
  readonly baseUrl: string
  /** Sent as a bearer token; null: none. */
  readonly key: string | null
  readonly timeoutMs: number
  /** How it says what its model makes of another's words. */
  readonly scoresWith: ScoresWith
}

/** How a policy is served. */
export type Serving = UpstreamPlace & {
  readonly policyId: string
  /** What it is called. */
  readonly policy: string
  /** Where the same model is, too; null: nowhere. */
  readonly fallback: UpstreamPlace | null
  readonly model: string
  readonly set: Readonly<Record<string, Json>>
  readonly usdPerMillion: { readonly input: number; readonly output: number } | null
}

export type GovernedAgent = {
  readonly projectId: string
  readonly agentId: string
  readonly name: string
  readonly contract: AutonomyContract
  /** Candidates of its project are halted. */
  readonly halted: boolean
}

/** Its models are called here, too. */
export type ServedAgent = GovernedAgent & {
  readonly baseline: Serving
  /** Null while there is none, while candidates are halted, and where nobody said how it is served. */
  readonly candidate: Serving | null
}

export type ActingKey = {
  readonly projectId: string
  readonly keyId: string
  /** Milliseconds since 1970; null: never. */
  readonly expiresAtMs: number | null
}

/** A server of the MCP gate, reached over HTTP. */
export type McpServer = {
  readonly projectId: string
  /** Of this declaration: the same name at another address is another server. */
  readonly id: string
  readonly name: string
  readonly url: string
  /** Sent as a bearer token; null: none. */
  readonly key: string | null
  readonly timeoutMs: number
}

export type Bundle = {
  /** By SHA-256 (hex) of the key. */
  readonly keys: ReadonlyMap<string, ActingKey>
  /** By project id and name, as `agentKey` writes them. */
  readonly agents: ReadonlyMap<string, ServedAgent>
  /** All whose contract is signed, whether their models are called here or not; by `agentKey`. */
  readonly governed: ReadonlyMap<string, GovernedAgent>
  /** By project id and name, as `agentKey` writes them. */
  readonly mcpServers: ReadonlyMap<string, McpServer>
  /** Contracts that are what their SHA-256 (hex) says, by it. */
  readonly documents: ReadonlyMap<string, AutonomyContract>
  /** Of PostgreSQL: which transactions were visible when it was read. */
  readonly snapshot: string
  /** By this process's steady clock: what was read holds for `BUNDLE_MS` from the moment at which the reading began. */
  readonly validUntilMs: number
  /** Agents with a contract that cannot be served, and why; by `agentKey`. */
  readonly unserved: ReadonlyMap<string, string>
}

/** Long enough for a database that is restarted, short enough that what was revoked does not act for long. */
export const BUNDLE_MS = 15_000

export const agentKey = (projectId: string, name: string): string => `${projectId} ${name}`
