/**
 * Which of n answers is taken, and how far taking it moves from the policy that drew them.
 *
 * Rule        the first of those with the largest reward. An unknown reward is below every known one: a search that may take what
 *             nobody could judge is none. Where all are unknown, the first, and nothing was searched.
 * KL          at most log n - (n - 1) / n nats for n that were drawn (best-of-n.ts); 0 where nothing was searched.
 * Assumes     answers are drawn independently of each other, and a reward follows from the answer alone.
 * Degenerate  no answers: throws.
 * Evidence    choose-best.test.ts
 */
import { bestOfNKlBound } from './best-of-n.ts'

export type Choice = {
  readonly index: number
  /** 'first': all rewards are unknown. */
  readonly by: 'reward' | 'first'
  /** Upper bound, in nats. */
  readonly klNats: number
}

/** `rewards` in the order in which they were drawn; null: unknown. */
export function chooseBest(rewards: readonly (number | null)[]): Choice {
  if (rewards.length === 0) throw new RangeError('there is nothing to choose from')
  const known = rewards.flatMap((reward, index) => (reward === null ? [] : [{ reward, index }]))
  const [first] = known
  if (first === undefined) return { index: 0, by: 'first', klNats: 0 }
  const best = known.reduce((a, b) => (b.reward > a.reward ? b : a), first)
  return { index: best.index, by: 'reward', klNats: bestOfNKlBound(rewards.length) }
}
