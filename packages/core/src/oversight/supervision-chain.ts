/**
 * Nested oversight: a weak guard supervises a stronger one, that one the next, up to the agent at the top.
 *
 * Estimates   P(every guard of the chain wins), links at equal steps of general strength, and the number of links that
 *             is best.
 * Model       domain strength (Elo) is a line in general strength, one for guards and one for the supervised. A guard at
 *             g wins against g' with 1 / (1 + 10^((supervised(g') - guard(g)) / 400)); links win independently, which
 *             is hopeful: one trick may beat them all.
 * Method      products in logs: strengths far apart give a tiny probability, never 0 times Infinity.
 * Degenerate  gap 0 is one link against an equal. Not finite, gap below 0, linksMax below 1: throws.
 * Source      Engels et al. 2025 (arXiv 2504.18530); slopes fitted by them are in the test.
 * Evidence    oversight.test.ts
 */
export type StrengthLine = { readonly slope: number; readonly intercept: number }

export type Chain = {
  readonly guard: StrengthLine
  readonly supervised: StrengthLine
  /** General strength (Elo) of the first, trusted guard, and how far above it the agent at the top stands. */
  readonly start: number
  readonly gap: number
}

export function chainWinProbability(chain: Chain, links: number): number {
  const { guard, supervised, start, gap } = chain
  if (!(Number.isInteger(links) && links >= 1))
    throw new RangeError(`links is ${links}; expected a whole number from 1`)
  const inputs = [guard.slope, guard.intercept, supervised.slope, supervised.intercept, start]
  if (!inputs.every(Number.isFinite) || !(gap >= 0 && gap < Number.POSITIVE_INFINITY))
    throw new RangeError('the strengths of a chain must be finite and the gap at least 0')
  let logProbability = 0
  for (let link = 0; link < links; link++) {
    const below = start + (gap * link) / links
    const above = start + (gap * (link + 1)) / links
    const lead = supervised.slope * above + supervised.intercept - (guard.slope * below + guard.intercept)
    logProbability -= softplus((lead * Math.LN10) / 400)
  }
  return Math.exp(logProbability)
}

/** The number of links, up to `linksMax`, under which the guards most probably win; the fewest of equals. */
export function bestChain(
  chain: Chain,
  linksMax: number,
): { readonly links: number; readonly winProbability: number } {
  if (!(Number.isInteger(linksMax) && linksMax >= 1))
    throw new RangeError(`linksMax is ${linksMax}; expected a whole number from 1`)
  let best = { links: 1, winProbability: chainWinProbability(chain, 1) }
  for (let links = 2; links <= linksMax; links++) {
    const winProbability = chainWinProbability(chain, links)
    if (winProbability > best.winProbability) best = { links, winProbability }
  }
  return best
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}
