/**
 * How good beliefs are where the truth is known.
 *
 * Shapes      `logBeliefs` [item][class]; `truth` class by item, -1 unknown; items that are gold are left out.
 * Accuracy    share of items whose likeliest class is the truth; a tie of n classes counts 1/n.
 * Log loss    mean of -log P(truth), each P at least 1e-15.
 * Degenerate  null where no item can be scored.
 */
export type BeliefScore = { readonly items: number; readonly accuracy: number; readonly logLoss: number }

const LOG_FLOOR = Math.log(1e-15)
/** Beliefs nearer than this, in log, are a tie: sums of the same numbers in another order differ by less. */
const TIE = 1e-9

export function scoreBeliefs(
  logBeliefs: Float64Array,
  classes: number,
  truth: Int32Array,
  gold: Int32Array | null,
): BeliefScore | null {
  let items = 0
  let hits = 0
  let loss = 0
  for (let i = 0; i < truth.length; i++) {
    const known = truth[i] as number
    if (known < 0 || (gold !== null && (gold[i] as number) >= 0)) continue
    items += 1
    const own = logBeliefs[i * classes + known] as number
    loss -= Math.max(LOG_FLOOR, own)
    let above = 0
    let level = 0
    for (let k = 0; k < classes; k++) {
      const log = logBeliefs[i * classes + k] as number
      if (log > own + TIE) above += 1
      else if (log >= own - TIE) level += 1
    }
    if (above === 0) hits += 1 / level
  }
  return items === 0 ? null : { items, accuracy: hits / items, logLoss: loss / items }
}
