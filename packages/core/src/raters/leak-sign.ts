/**
 * Whether people who met a known item later answered it faster than those before them, and all rightly: as they would if its answer
 * had been passed on.
 *
 * Estimates   the chance of later answers so quick, ranked among all, if the order in which people met it meant nothing: one-sided
 *             Mann and Whitney, with mean ranks for ties, by the normal distribution with continuity correction.
 * Sign        'quicker' where that chance is at most LEAK_ALPHA and every answer of the later half is right. About one item in
 *             1/LEAK_ALPHA is called so by chance: a reason to look, not a verdict, and nothing is retired for it alone.
 * Assumes     that no other change made people quicker, such as practice: compare with other items before believing it.
 * Degenerate  fewer than HALF_MIN answers with known seconds in either half: insufficient.
 * Throws      RangeError when seconds are negative or not finite.
 * Source      Mann and Whitney 1947 (Ann. Math. Stat. 18, 50-60).
 * Evidence    raters/leak-sign.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { normalUpperTail } from '../numeric/normal.ts'

export type KnownAnswer = { readonly right: boolean; readonly seconds: number | null }
export type LeakSign = { readonly kind: 'quicker' | 'none'; readonly chance: number }

export const LEAK_ALPHA = 0.01
const HALF_MIN = 8

/** `answers`: of different people, oldest first. */
export function leakSign(answers: readonly KnownAnswer[]): LeakSign | Insufficient {
  const timed = answers.flatMap(({ right, seconds }) => (seconds === null ? [] : [{ right, seconds }]))
  if (timed.some(({ seconds }) => !(seconds >= 0 && Number.isFinite(seconds))))
    throw new RangeError('seconds must be finite and not negative')
  const middle = Math.floor(timed.length / 2)
  if (middle < HALF_MIN)
    return insufficient(`${timed.length} answers are known with their time, and ${2 * HALF_MIN} are needed`)
  const later = timed.slice(middle)
  const chance = quickerByChance(
    timed.slice(0, middle).map(({ seconds }) => seconds),
    later.map(({ seconds }) => seconds),
  )
  const isSign = chance <= LEAK_ALPHA && later.every(({ right }) => right)
  return { kind: isSign ? 'quicker' : 'none', chance }
}

function quickerByChance(before: readonly number[], later: readonly number[]): number {
  let slower = 0
  for (const one of later) for (const other of before) slower += one > other ? 1 : one === other ? 0.5 : 0
  const [m, n] = [before.length, later.length]
  const counts = new Map<number, number>()
  for (const seconds of [...before, ...later]) counts.set(seconds, (counts.get(seconds) ?? 0) + 1)
  const total = m + n
  const ties = [...counts.values()].reduce((sum, tied) => sum + (tied ** 3 - tied), 0)
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)))
  if (variance === 0) return 1
  return normalUpperTail(((m * n) / 2 - slower - 0.5) / Math.sqrt(variance))
}
