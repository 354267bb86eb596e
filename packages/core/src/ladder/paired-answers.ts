/**
 * Answers that two policies gave to the same input, one of them beside the other: what they are called as units, and which stage may
 * read them.
 *
 * Such a pair says how good one answer is. It says nothing of what comes of an episode that a policy leads, so it may open a stage
 * in which the candidate still does nothing, and is no evidence where the candidate acts or would act next.
 */
import type { Ladder } from './ladder.ts'

/** 'first-turn': of a conversation that nobody had answered yet. 'step': on a state that the baseline led to. */
export type PairedAs = 'first-turn' | 'step'

/** How the keys of such units begin. Keys of episodes begin with `user:`, `session:` or `task:`. */
export const PAIRED_PREFIX = 'paired-'

export function pairedUnitKey(as: PairedAs, turnId: string): string {
  return `${PAIRED_PREFIX}${as}:${turnId}`
}

export function isPairedUnit(unitKey: string): boolean {
  return unitKey.startsWith(PAIRED_PREFIX)
}

/** False for a stage that the ladder lacks. */
export function readsPairedAnswers({ stages }: Pick<Ladder, 'stages'>, stageName: string): boolean {
  const at = stages.findIndex(({ name }) => name === stageName)
  const next = stages[at + 1]
  return at !== -1 && next !== undefined && stages[at]?.autonomy !== 'act' && next.autonomy !== 'act'
}
