/** Who decides about calls, as a session asks. */
import type { McpDecision } from '@leeway/contract/mcp'

export type McpDesk = {
  /** Of these names, as contracts call them, those that may be called at present. */
  readonly offered: (names: readonly string[]) => Promise<ReadonlySet<string>>
  /** Rejects where nobody can be asked: nothing is carried out then. */
  readonly decide: (
    call: {
      readonly tool: string
      readonly argumentsText: string
      /** What the server says of the tool: hostile, and no proof. */
      readonly says: string | null
      /** How long the client waits where a person has to decide. */
      readonly waitMs: number
      /** W3C `traceparent` of the call, where the client sent one: for telemetry alone. */
      readonly traceparent?: string | undefined
    },
    signal: AbortSignal,
  ) => Promise<McpDecision>
  /** Resolves when it is written down what became of a released call; not before that does the client see it. */
  readonly returned: (callId: string, outcome: McpOutcome, text: string) => Promise<void>
}

/** 'lost': the server did not answer; 'cancelled': the client waits no more. */
export type McpOutcome = 'returned' | 'lost' | 'cancelled'
