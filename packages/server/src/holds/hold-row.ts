/** What is written down of calls before people are asked about them. */
import { STAKES, type Stakes } from '@leeway/core/episodes/episode'
import { isEvidence } from '@leeway/core/gate/proposed-calls'
import type { HeldCalls } from '../gateway/holds.ts'
import type { Effects } from '../http/environment.ts'
import { bindingOf } from './binding.ts'
import type { HoldText } from './hold-text.ts'
import { carriedCall } from './standing-hold.ts'
import type { holds } from './tables.ts'

/** Messages shown with a hold; the others are counted. */
const BEFORE_MAX = 12

export function holdRow(
  { now, newId }: Pick<Effects, 'now' | 'newId'>,
  held: HeldCalls,
): {
  readonly row: typeof holds.$inferSelect
  readonly text: HoldText
  /** As they would be carried out. */
  readonly argumentsTexts: readonly string[]
} {
  const { projectId, agentId, policyId, turnId, conversation, contractVersion, place } = held
  const askedAt = now()
  const expiresAt = new Date(askedAt.getTime() + held.holdSeconds * 1_000)
  const calls = held.calls.map((one) => ({ ...one, ...carriedCall(one) }))
  const stakes = calls.map(({ decision }) => decision.stakes ?? 'irreversible')
  const bound = { projectId, agentId, policyId, place, turnId, conversation, contractVersion }
  return {
    row: {
      ...bound,
      id: newId(),
      binding: bindingOf({ ...bound, calls, expiresAt }),
      tools: calls.map(({ tool }) => tool.slice(0, 200).replace(/\p{C}/gu, '?')),
      stakes: highest(stakes),
      // Each call that was drawn was drawn by itself; the response is held when one of them is.
      probability: 1 - calls.reduce((none, { decision }) => none * (1 - decision.holdProbability), 1),
      evidence: isEvidence(calls.map(({ decision }) => decision)),
      askedAt,
      expiresAt,
    },
    text: {
      calls: calls.map(({ tool, argumentsText, says, decision: { outcome, rule, reason, stakes } }) => ({
        tool,
        argumentsText,
        ...(says === undefined ? {} : { says }),
        decision: { outcome, rule, reason, stakes },
      })),
      before: held.messages.slice(-BEFORE_MAX),
      earlier: Math.max(0, held.messages.length - BEFORE_MAX),
    },
    argumentsTexts: calls.map(({ argumentsText }) => argumentsText),
  }
}

function highest(stakes: readonly Stakes[]): Stakes {
  return STAKES[Math.max(...stakes.map((one) => STAKES.indexOf(one)))] ?? 'irreversible'
}
