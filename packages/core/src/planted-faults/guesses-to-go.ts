/**
 * How many guesses more a verdict on an operator takes, for planning: no promise.
 *
 * Estimates   the fewest further guesses, in all, after which `plantedValidity` would say 'validated' or 'failed' if the share of
 *             right ones stayed as it is.
 * Method      the interval valid at every look, at larger and larger numbers of guesses; where the clusters make the interval wider
 *             now, as many times more guesses as the square of how much wider it is.
 * Degenerate  nothing to go on: as many as the least that any verdict needs. Null where the share is so near the limit that no
 *             number up to GUESSES_MAX decides. 0 where it is decided.
 * Cost        O(log GUESSES_MAX) bounds.
 * Evidence    planted-faults/planted-statistics.test.ts
 */
import type { Insufficient } from '../numeric/insufficient.ts'
import { rateUpperBound } from '../sequential/rate-bound.ts'
import { KIND_MIN, type PlantedValidity, TELLABLE_MAX, VALIDITY_ALPHA } from './planted-validity.ts'

const GUESSES_MAX = 100_000

export function guessesToGo(
  validity: PlantedValidity | Insufficient,
  guesses: { readonly planted: number; readonly natural: number },
): number | null {
  if (validity.kind === 'insufficient')
    return Math.max(1, 2 * Math.max(KIND_MIN - guesses.planted, KIND_MIN - guesses.natural, 0))
  if (validity.verdict !== 'undecided') return 0
  const { accuracy, guesses: now, right } = validity
  const bound = boundsOf(right / now, now)
  const wider = Math.max(1, (accuracy.high - accuracy.low) / (bound.high - bound.low))
  const decides = (more: number) => decided(boundsOf(right / now, (now + more) / wider ** 2))
  if (!decides(GUESSES_MAX)) return null
  let [undecided, enough] = [0, GUESSES_MAX]
  while (enough - undecided > 1) {
    const middle = Math.floor((enough + undecided) / 2)
    if (decides(middle)) enough = middle
    else undecided = middle
  }
  return enough
}

type Bounds = { readonly low: number; readonly high: number }

function boundsOf(share: number, guesses: number): Bounds {
  return {
    low: 1 - rateUpperBound((1 - share) * guesses, guesses, VALIDITY_ALPHA),
    high: rateUpperBound(share * guesses, guesses, VALIDITY_ALPHA),
  }
}

function decided({ low, high }: Bounds): boolean {
  const [least, most] = [0.5 - TELLABLE_MAX, 0.5 + TELLABLE_MAX]
  return (low > least && high < most) || low > most || high < least
}
