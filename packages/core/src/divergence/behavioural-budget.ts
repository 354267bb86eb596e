/**
 * Whether what a candidate does stays within a budget of its own: the KL of its choices from the baseline's (behavioural-kl.ts).
 *
 * Estimates   KL(candidate || baseline) of one choice, in nats, over conversations in the order in which they ended.
 * Looks       at LOOK_FIRST conversations, and whenever a tenth more have ended; between two looks the last one stands. Look j has
 *             alpha / (j (j + 1)) of the error for both bounds, which sums to alpha over all looks: right however often somebody asks.
 * Bounds      the estimate and so many standard errors of a bootstrap over conversations as the normal distribution has at that level. The
 *             estimate is too high where choices are many and conversations few: the upper bound keeps that, the lower one takes it off.
 * Assumes     conversations are independent, and enough for the normal distribution: unlike the bounds of the token KL these are not
 *             exact. A choice that nobody was seen to make is in neither bound.
 * Within      the upper bound is at most the budget. `over`: the lower bound is above it. `open`: neither.
 * Degenerate  fewer than EACH_MIN conversations of either, or no variation between them: insufficient, and never within.
 * Cost        O(replicates * conversations * choices).
 * Evidence    behavioural-budget.test.ts
 */
import { normalQuantile } from '../numeric/normal.ts'
import { behaviouralSpread } from './behavioural-kl.ts'

const LOOK_FIRST = 40
const LOOK_GROWTH = 1.1
const EACH_MIN = 20
const RUN = { replicates: 200, seed: 1 } as const

/** What was chosen in a conversation, in order, by whom it was. */
export type ActedConversation = {
  readonly role: 'candidate' | 'baseline'
  readonly choices: readonly string[]
}

export type BehaviouralStanding = {
  readonly standing: 'within' | 'over' | 'open' | 'insufficient'
  /** Why it is insufficient; completes "…, because". */
  readonly reason: string | null
  readonly natsMax: number
  /** Which look it is, from 1; 0: none yet. */
  readonly look: number
  /** Conversations that the look reads. */
  readonly candidate: number
  readonly baseline: number
  /** Nats a choice; null where it is insufficient. */
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

/** `conversations`: in the order in which they ended. `alpha`: of both bounds, at all looks together. */
export function behaviouralStanding(
  conversations: readonly ActedConversation[],
  { natsMax, alpha }: { readonly natsMax: number; readonly alpha: number },
): BehaviouralStanding {
  const acted = conversations.filter(({ choices }) => choices.length > 0)
  const { look, size } = lookAt(acted.length)
  const of = (role: ActedConversation['role']) =>
    acted.slice(0, size).flatMap((one) => (one.role === role ? [one.choices] : []))
  const [candidate, baseline] = [of('candidate'), of('baseline')]
  const seen = { natsMax, look, candidate: candidate.length, baseline: baseline.length }
  const insufficient = (reason: string): BehaviouralStanding => ({
    ...seen,
    standing: 'insufficient',
    reason,
    value: null,
    low: null,
    high: null,
  })
  if (look === 0)
    return insufficient(`${acted.length} conversations have ended, and the first look is at ${LOOK_FIRST}`)
  if (Math.min(candidate.length, baseline.length) < EACH_MIN)
    return insufficient(
      `${candidate.length} conversations of the candidate and ${baseline.length} of the baseline are too few (at least ${EACH_MIN} of each)`,
    )
  const { value, added, error } = behaviouralSpread(candidate, baseline, RUN)
  if (error === 0) return insufficient('all conversations went alike, which does not tell how others may go')
  const reach = normalQuantile(1 - alpha / (look * (look + 1)) / 2) * error
  const low = Math.max(0, value - Math.max(0, added) - reach)
  const high = value + reach
  const standing = low > natsMax ? 'over' : high <= natsMax ? 'within' : 'open'
  return { ...seen, standing, reason: null, value, low, high }
}

function lookAt(conversations: number): { readonly look: number; readonly size: number } {
  let [look, size] = [0, 0]
  for (let next = LOOK_FIRST; next <= conversations; next = Math.ceil(next * LOOK_GROWTH)) {
    look += 1
    size = next
  }
  return { look, size }
}
