import type { Step } from '@leeway/core/episodes/episode'

/** A call as it would be put before people. */
export type CallToPlant = {
  readonly originalId: string
  /** Null where a fixed edit made it. */
  readonly writtenId: string | null
  readonly operator: string
  readonly seed: number
  /** Where it was to be carried out, as a hold says. */
  readonly place: string
  /** Who is said to have proposed it; null: whom the contract holds for it. */
  readonly policyId: string | null
  readonly tool: string
  readonly argumentsText: string
  /** What led to it: those before `ordinal`. */
  readonly steps: readonly Step[]
  readonly ordinal: number
}

export type DrawnFor = {
  readonly projectId: string
  readonly agentId: string
  /** The hold that was decided, and by whom. */
  readonly decidedId: string
  readonly actor: string
}
