/**
 * One pass of expectation maximisation over a slice of items: beliefs from log tables, and the soft counts that they
 * give, at once. Pure over its arguments, so slices can run beside each other with counts of their own.
 *
 * Shapes  `cells` rater * K + label. Two classes: `tables` holds log odds by cell, `beliefs` the probability of class 1
 *         by item, `counts` soft counts of class 1 by cell. K classes: tables, beliefs and counts are [cell or item][K].
 *         `classCounts` K entries; both kinds of counts are added to.
 * Returns the sum over items of log(sum over classes of exp(score)); with two classes relative to class 0.
 */
export type EmSlice = {
  readonly start: Int32Array
  readonly cells: Uint16Array | Int32Array
  readonly from: number
  readonly to: number
  readonly logPrior: Float64Array
  readonly tables: Float64Array
  readonly beliefs: Float32Array
  readonly counts: Float64Array
  readonly classCounts: Float64Array
}

export function emSlice(classes: number, slice: EmSlice): number {
  const { start, cells, from, to, logPrior, tables, beliefs, counts, classCounts } = slice
  if (classes === 2) return binary(start, cells, from, to, logPrior, tables, beliefs, counts, classCounts)
  if (classes === 4) return four(start, cells, from, to, logPrior, tables, beliefs, counts, classCounts)
  return several(start, cells, from, to, classes, logPrior, tables, beliefs, counts, classCounts)
}

/** Products of factors in [1, 16] are logged before they could overflow: one log for many items. */
const PRODUCT_MAX = 1e280

// The arrays are parameters and not fields: that keeps them in registers (measured).
function binary(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  from: number,
  to: number,
  logPrior: Float64Array,
  logOdds: Float64Array,
  beliefs: Float32Array,
  counts: Float64Array,
  classCounts: Float64Array,
): number {
  const prior = (logPrior[1] as number) - (logPrior[0] as number)
  let log = (logPrior[0] as number) * (to - from)
  let product = 1
  let positive = 0
  let begin = start[from] as number
  for (let i = from; i < to; i++) {
    const end = start[i + 1] as number
    let odds = prior
    for (let at = begin; at < end; at++) odds += logOdds[cells[at] as number] as number
    const small = Math.exp(odds > 0 ? -odds : odds)
    const total = 1 + small
    product *= total
    if (product > PRODUCT_MAX) {
      log += Math.log(product)
      product = 1
    }
    let belief = 1 / total
    if (odds > 0) log += odds
    else belief = small * belief
    beliefs[i] = belief
    positive += belief
    for (let at = begin; at < end; at++) {
      const cell = cells[at] as number
      counts[cell] = (counts[cell] as number) + belief
    }
    begin = end
  }
  classCounts[1] = (classCounts[1] as number) + positive
  classCounts[0] = (classCounts[0] as number) + (to - from - positive)
  return log + Math.log(product)
}

function four(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  from: number,
  to: number,
  logPrior: Float64Array,
  tables: Float64Array,
  beliefs: Float32Array,
  counts: Float64Array,
  classCounts: Float64Array,
): number {
  const prior0 = logPrior[0] as number
  const prior1 = logPrior[1] as number
  const prior2 = logPrior[2] as number
  const prior3 = logPrior[3] as number
  let log = 0
  let product = 1
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let begin = start[from] as number
  for (let i = from; i < to; i++) {
    const end = start[i + 1] as number
    let s0 = prior0
    let s1 = prior1
    let s2 = prior2
    let s3 = prior3
    for (let at = begin; at < end; at++) {
      const cell = (cells[at] as number) << 2
      s0 += tables[cell] as number
      s1 += tables[cell + 1] as number
      s2 += tables[cell + 2] as number
      s3 += tables[cell + 3] as number
    }
    const a = Math.max(s0, s1)
    const b = Math.max(s2, s3)
    const max = Math.max(a, b)
    s0 = Math.exp(s0 - max)
    s1 = Math.exp(s1 - max)
    s2 = Math.exp(s2 - max)
    s3 = Math.exp(s3 - max)
    const total = s0 + s1 + s2 + s3
    log += max
    product *= total
    if (product > PRODUCT_MAX) {
      log += Math.log(product)
      product = 1
    }
    const scale = 1 / total
    s0 *= scale
    s1 *= scale
    s2 *= scale
    s3 *= scale
    const place = i << 2
    beliefs[place] = s0
    beliefs[place + 1] = s1
    beliefs[place + 2] = s2
    beliefs[place + 3] = s3
    sum0 += s0
    sum1 += s1
    sum2 += s2
    sum3 += s3
    for (let at = begin; at < end; at++) {
      const cell = (cells[at] as number) << 2
      counts[cell] = (counts[cell] as number) + s0
      counts[cell + 1] = (counts[cell + 1] as number) + s1
      counts[cell + 2] = (counts[cell + 2] as number) + s2
      counts[cell + 3] = (counts[cell + 3] as number) + s3
    }
    begin = end
  }
  classCounts[0] = (classCounts[0] as number) + sum0
  classCounts[1] = (classCounts[1] as number) + sum1
  classCounts[2] = (classCounts[2] as number) + sum2
  classCounts[3] = (classCounts[3] as number) + sum3
  return log + Math.log(product)
}

function several(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  from: number,
  to: number,
  classes: number,
  logPrior: Float64Array,
  tables: Float64Array,
  beliefs: Float32Array,
  counts: Float64Array,
  classCounts: Float64Array,
): number {
  const score = new Float64Array(classes)
  let log = 0
  for (let i = from; i < to; i++) {
    const begin = start[i] as number
    const end = start[i + 1] as number
    for (let k = 0; k < classes; k++) score[k] = logPrior[k] as number
    for (let at = begin; at < end; at++) {
      const cell = (cells[at] as number) * classes
      for (let k = 0; k < classes; k++) score[k] = (score[k] as number) + (tables[cell + k] as number)
    }
    let max = Number.NEGATIVE_INFINITY
    for (let k = 0; k < classes; k++) if ((score[k] as number) > max) max = score[k] as number
    let total = 0
    for (let k = 0; k < classes; k++) {
      const value = Math.exp((score[k] as number) - max)
      score[k] = value
      total += value
    }
    log += max + Math.log(total)
    for (let k = 0; k < classes; k++) {
      const belief = (score[k] as number) / total
      score[k] = belief
      beliefs[i * classes + k] = belief
      classCounts[k] = (classCounts[k] as number) + belief
    }
    for (let at = begin; at < end; at++) {
      const cell = (cells[at] as number) * classes
      for (let k = 0; k < classes; k++) counts[cell + k] = (counts[cell + k] as number) + (score[k] as number)
    }
  }
  return log
}
