/**
 * Of what several grants say about the same call, the strictest: for a caller who cannot say which policy it is.
 *
 * Order      stop, replace, deny, hold, release; of equal ones the call that is held with the higher probability. The draws
 *            of all were the same number, so the call is held with exactly that probability.
 * Degenerate throws RangeError without a decision.
 */
import type { ResponseDecision } from './decide-calls.ts'

const STRICT: readonly ResponseDecision['outcome'][] = ['release', 'hold', 'deny', 'replace', 'stop']

export function strictestDecision(decisions: readonly ResponseDecision[]): ResponseDecision {
  const [first, ...others] = decisions
  if (first === undefined) throw new RangeError('there is no decision')
  return others.reduce((strictest, one) => (isStricter(one, strictest) ? one : strictest), first)
}

function isStricter(one: ResponseDecision, than: ResponseDecision): boolean {
  const [own, other] = [STRICT.indexOf(one.outcome), STRICT.indexOf(than.outcome)]
  return own > other || (own === other && held(one) > held(than))
}

const held = ({ calls }: ResponseDecision): number =>
  1 - calls.reduce((none, { holdProbability }) => none * (1 - holdProbability), 1)
