/** How far what a candidate does is from what the baseline does, in a sentence that keeps it apart from the KL of words. */
import type { BehaviouralKl } from './behavioural-kl.ts'

export function describeBehaviouralKl(
  { value, interval, choices }: BehaviouralKl,
  names: { readonly candidate: string; readonly baseline: string },
): string {
  const seen = (of: 'candidate' | 'baseline') => choices.reduce((sum, choice) => sum + choice[of], 0)
  const round = (nats: number) => `${Math.round(nats * 100) / 100}`
  const between =
    interval.kind === 'interval'
      ? ` (between ${round(interval.low)} and ${round(interval.high)}, at one look)`
      : ''
  return `By what it does and not by its words, \`${names.candidate}\` is ${round(value)} nats from \`${names.baseline}\` for each choice of a tool after another${between}: ${seen('candidate')} choices of the one, ${seen('baseline')} of the other. That is a part of the KL at most, and answers for no budget.`
}
