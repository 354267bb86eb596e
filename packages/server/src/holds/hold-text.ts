import type { CallDecision } from '@leeway/core/autonomy/decide-calls'
import type { Json } from '@leeway/core/episodes/episode'

/** The words of a hold: what would be carried out, and what led there. */
export type HoldText = {
  readonly calls: readonly {
    readonly tool: string
    /** With what the contract sets already set. */
    readonly argumentsText: string
    /** What an MCP server says of its own tool. */
    readonly says?: string | null
    readonly decision: Pick<CallDecision, 'outcome' | 'rule' | 'reason' | 'stakes'>
  }[]
  /** The last messages before them, and what the model said with them. */
  readonly before: readonly Json[]
  /** How many messages stand before those. */
  readonly earlier: number
}
