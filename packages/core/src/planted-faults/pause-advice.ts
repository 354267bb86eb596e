/**
 * Which answers advice to take a pause may rest on, so that the moment it comes gives no planted fault away.
 *
 * Rule        answers alone that at least `lag` later ones of the same rater follow, whatever those are about; the lag is drawn once for
 *             each piece of advice, uniform from LAG_MIN to LAG_MAX. And only once the rater has been away for AWAY_MS.
 * Tells       whoever knows the rule, and sees advice come between two sessions, knows of the answer that tipped it no more than that it
 *             is one of LAG_MAX - LAG_MIN + 1 or more, each as likely by the lag alone. It tells no number and no right answer.
 * Degenerate  fewer answers than the lag, or a rater at work: none.
 * Cost        O(answers).
 */
import { type TimedAnswer, testRubberStamp } from './rubber-stamp.ts'

export const LAG_MIN = 20
export const LAG_MAX = 80
/** Longer than a reservation: who comes back after it begins anew. */
export const AWAY_MS = 45 * 60_000

/** The instant up to which answers count; null: none do now. `answeredAt`: of all the rater's answers, oldest first. */
export function adviceReadsUntil(answeredAt: readonly Date[], uniform: number, now: Date): Date | null {
  const lag = LAG_MIN + Math.floor(uniform * (LAG_MAX - LAG_MIN + 1))
  const last = answeredAt.at(-1)
  if (last === undefined || now.getTime() - last.getTime() < AWAY_MS) return null
  return answeredAt[answeredAt.length - 1 - lag] ?? null
}

/**
 * The instant up to which advice rests on answers to planted faults; null: there is none to give. They have to pass for rubber-stamping by
 * themselves, also without those that came later.
 */
export function adviceUpto(
  planted: readonly (TimedAnswer & { readonly at: Date })[],
  answeredAt: readonly Date[],
  uniform: number,
  now: Date,
): Date | null {
  const passes = (answers: typeof planted) => testRubberStamp(answers).verdict === 'rubber-stamping'
  if (!passes(planted)) return null
  const until = adviceReadsUntil(answeredAt, uniform, now)
  return until !== null && passes(planted.filter(({ at }) => at <= until)) ? until : null
}
