/** What a model is told, as the result of a call that was not carried out. */
import type { CallDecision } from './decide-calls.ts'

const BESIDE =
  'Not carried out, because another call of the same answer was not allowed. Ask for it again by itself.'

/** `why`: what a person said; null leaves the contract's reason. A call without a fault of its own stood beside one with. */
export function refusalText(decision: CallDecision | undefined, why: string | null): string {
  if (decision === undefined || !isRefused(decision)) return BESIDE
  return why ?? `Not allowed. ${decision.reason} Find another way, or say that you cannot.`
}

export const isRefused = ({ outcome }: CallDecision): boolean =>
  outcome === 'deny' || outcome === 'hold' || outcome === 'replace'
