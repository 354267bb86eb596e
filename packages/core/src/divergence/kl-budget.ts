/**
 * Whether conversations with a candidate stay, on average, within a KL budget; right however often somebody looks.
 *
 * Estimates   the running mean, over conversations in the order in which they ended, of the nats of KL(candidate || baseline) that
 *             each is expected to spend, given those before; each counted as at most KL_CAP times the budget. In production a
 *             conversation past its budget is the baseline's from the next turn on, so what is cut off is what single turns spent
 *             beyond that. It is the mean under that rule: what the candidate would have spent without it, nobody saw.
 * Bounds      confidence sequence (sequential/confidence-sequence.ts, hedged) of the capped values; both hold at every look together
 *             with probability 1 - alpha, whatever the shape of their distribution.
 * Within      the upper bound is at most the budget. `over`: the lower bound is above it. `open`: neither.
 * Degenerate  no conversation, or more than `missingShareMax` of them not scored: insufficient. It is never within then. Bounds are
 *             there as soon as one was scored, and speak of those that were.
 * Cost        O(GRID_STEPS) a conversation.
 * Evidence    kl-budget.test.ts
 */
import { observe, readSequence, startSequence } from '../sequential/confidence-sequence.ts'

/** Capped lower, rare and costly conversations would be cut; higher, the bounds take longer to close. */
export const KL_CAP = 4

/** A fiftieth of the budget: the check looks at all conversations again each time. */
const GRID_STEPS = 50 * KL_CAP

export type KlBudget = {
  /** Nats a conversation, above 0. */
  readonly natsMax: number
  /** Of both bounds together. */
  readonly alpha: number
  /** Largest share of conversations that may be without a score. */
  readonly missingShareMax: number
}

/** Nats of each conversation, in the order in which they ended; null: not scored, or not all of it. */
export type SpentNats = readonly (number | null)[]

export type KlStanding = {
  readonly standing: 'within' | 'over' | 'open' | 'insufficient'
  /** Why it is insufficient; completes "…, because". */
  readonly reason: string | null
  readonly natsMax: number
  readonly scored: number
  readonly notScored: number
  /** Of those that were scored, nats a conversation; null where none was. */
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  /** How many were counted as less than they spent. */
  readonly capped: number
}

export function klStanding(spent: SpentNats, budget: KlBudget): KlStanding {
  const { natsMax, alpha, missingShareMax } = budget
  const cap = KL_CAP * natsMax
  const sequence = startSequence({ alpha, bets: { kind: 'hedged' }, gridSteps: GRID_STEPS })
  let sum = 0
  let scored = 0
  let capped = 0
  for (const nats of spent) {
    if (nats === null) continue
    const counted = Math.min(nats, cap)
    observe(sequence, counted / cap)
    sum += counted
    scored += 1
    if (nats > cap) capped += 1
  }
  const notScored = spent.length - scored
  const seen = { natsMax, scored, notScored, capped }
  if (scored === 0) {
    const reason =
      notScored === 0
        ? 'no conversation of the candidate has ended'
        : 'no conversation of the candidate was scored by the baseline’s model'
    return { ...seen, standing: 'insufficient', reason, mean: null, low: null, high: null }
  }
  const reading = readSequence(sequence)
  const [low, high] = reading.kind === 'bounds' ? [reading.low * cap, reading.high * cap] : [0, cap]
  const standing = { ...seen, mean: sum / scored, low, high }
  if (low > natsMax) return { ...standing, standing: 'over', reason: null }
  if (notScored > missingShareMax * spent.length) {
    const reason = `${notScored} of ${spent.length} conversations were not scored`
    return { ...standing, standing: 'insufficient', reason }
  }
  return { ...standing, standing: high <= natsMax ? 'within' : 'open', reason: null }
}
