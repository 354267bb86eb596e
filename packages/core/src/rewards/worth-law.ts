/** The law of a worth: what a node of a rubric may be worth, and how probable each value is. */

/** Worths in [0, 1], ascending, each once; probabilities are positive and sum to 1. */
export type WorthLaw = readonly { readonly worth: number; readonly probability: number }[]

/** Worths closer than this are one: rounding must not double the values at every level of the tree. */
const SAME = 1e-9

export function worthLaw(
  values: readonly { readonly worth: number; readonly probability: number }[],
): WorthLaw {
  const sorted = values.filter(({ probability }) => probability > 0).sort((a, b) => a.worth - b.worth)
  const total = sorted.reduce((sum, { probability }) => sum + probability, 0)
  const merged: { worth: number; probability: number }[] = []
  for (const { worth, probability } of sorted) {
    const last = merged.at(-1)
    if (last && worth - last.worth < SAME) last.probability += probability / total
    else merged.push({ worth, probability: probability / total })
  }
  return merged
}

export function certain(worth: number): WorthLaw {
  return [{ worth, probability: 1 }]
}

export function meanWorth(law: WorthLaw): number {
  return law.reduce((sum, { worth, probability }) => sum + worth * probability, 0)
}

/** The smallest worth that is not exceeded with at least this probability. */
export function worthQuantile(law: WorthLaw, share: number): number {
  let below = 0
  for (const { worth, probability } of law) {
    below += probability
    if (below >= share - 1e-12) return worth
  }
  return law.at(-1)?.worth ?? 0
}

export function drawWorth(law: WorthLaw, uniform: number): number {
  return worthQuantile(law, uniform)
}
