/** Which waiting calls are shown together, and may be decided by one act. */
import { createHash } from 'node:crypto'

export type Carded = {
  readonly id: string
  readonly agentId: string
  readonly conversation: string
  readonly tools: readonly string[]
  readonly stakes: string
}

/**
 * SHA-256 (hex). What only reads is of one card with all reads of the same tools, whoever talks to the agent. What can be undone shares
 * a card with like calls of its own conversation. What is costly or cannot be undone has a card of its own: it is looked at by itself.
 */
export function cardOf({ id, agentId, conversation, tools, stakes }: Carded): string {
  const shared =
    stakes === 'read'
      ? [stakes]
      : stakes === 'reversible'
        ? [stakes, conversation]
        : [stakes, conversation, id]
  return createHash('sha256')
    .update(JSON.stringify([agentId, tools, shared]))
    .digest('hex')
}
