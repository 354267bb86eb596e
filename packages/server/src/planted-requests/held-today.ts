import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { type CallDecision, decideCalls } from '@leeway/core/autonomy/decide-calls'

export type HeldToday = { readonly role: 'candidate' | 'baseline'; readonly decision: CallDecision }

/** What the contract says of the call, where it has people decide about it and it is more than a read. */
export function heldToday(
  contract: AutonomyContract,
  call: { readonly tool: string; readonly argumentsText: string },
  now: Date,
): HeldToday | null {
  for (const role of ['candidate', 'baseline'] as const) {
    if (contract[role] === null) continue
    const { outcome, calls } = decideCalls(contract, [call], {
      role,
      steps: 0,
      denials: 0,
      now,
      outOfTouch: false,
      // The call that a draw holds, where draws hold any.
      uniforms: [1 - Number.EPSILON],
    })
    const [decision] = calls
    if (outcome === 'hold' && decision !== undefined && decision.stakes !== 'read') return { role, decision }
  }
  return null
}
