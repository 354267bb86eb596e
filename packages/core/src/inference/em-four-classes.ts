/** One pass over a slice of items of four classes, as `emSlice` has it; built as `twoClasses` is, for the same reasons. */
import { EXP_RANGE, expByTables } from '../numeric/exp-tables.ts'
import { BLOCK, PRODUCT_MAX } from './em-blocks.ts'

export function fourClasses(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  from: number,
  to: number,
  logPrior: Float64Array,
  tables: Float64Array,
  counts: Float64Array,
  classCounts: Float64Array,
  fractions: Float64Array,
  powers: Float64Array,
): number {
  const block = new Float64Array(4 * BLOCK)
  let log = 0
  let product = 1
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (let first = from; first < to; first += BLOCK) {
    const count = Math.min(BLOCK, to - first)
    sumScores(start, cells, first, count, logPrior, tables, block)
    for (let i = 0; i < 4 * count; i += 4) {
      let s0 = block[i] as number
      let s1 = block[i + 1] as number
      let s2 = block[i + 2] as number
      let s3 = block[i + 3] as number
      const max = Math.max(Math.max(s0, s1), Math.max(s2, s3))
      s0 = expByTables(Math.max(s0 - max, -EXP_RANGE), fractions, powers)
      s1 = expByTables(Math.max(s1 - max, -EXP_RANGE), fractions, powers)
      s2 = expByTables(Math.max(s2 - max, -EXP_RANGE), fractions, powers)
      s3 = expByTables(Math.max(s3 - max, -EXP_RANGE), fractions, powers)
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
      sum0 += s0
      sum1 += s1
      sum2 += s2
      sum3 += s3
      block[i] = s0
      block[i + 1] = s1
      block[i + 2] = s2
      block[i + 3] = s3
    }
    addDistributions(start, cells, first, count, block, counts)
  }
  classCounts[0] = (classCounts[0] as number) + sum0
  classCounts[1] = (classCounts[1] as number) + sum1
  classCounts[2] = (classCounts[2] as number) + sum2
  classCounts[3] = (classCounts[3] as number) + sum3
  return log + Math.log(product)
}

function sumScores(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  first: number,
  count: number,
  logPrior: Float64Array,
  tables: Float64Array,
  block: Float64Array,
): void {
  const prior0 = logPrior[0] as number
  const prior1 = logPrior[1] as number
  const prior2 = logPrior[2] as number
  const prior3 = logPrior[3] as number
  let at = start[first] as number
  for (let i = 0; i < count; i++) {
    const end = start[first + i + 1] as number
    let s0 = prior0
    let s1 = prior1
    let s2 = prior2
    let s3 = prior3
    for (; at < end; at++) {
      const cell = (cells[at] as number) << 2
      s0 += tables[cell] as number
      s1 += tables[cell + 1] as number
      s2 += tables[cell + 2] as number
      s3 += tables[cell + 3] as number
    }
    const place = i << 2
    block[place] = s0
    block[place + 1] = s1
    block[place + 2] = s2
    block[place + 3] = s3
  }
}

function addDistributions(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  first: number,
  count: number,
  block: Float64Array,
  counts: Float64Array,
): void {
  let at = start[first] as number
  for (let i = 0; i < count; i++) {
    const end = start[first + i + 1] as number
    const place = i << 2
    const s0 = block[place] as number
    const s1 = block[place + 1] as number
    const s2 = block[place + 2] as number
    const s3 = block[place + 3] as number
    for (; at < end; at++) {
      const cell = (cells[at] as number) << 2
      counts[cell] = (counts[cell] as number) + s0
      counts[cell + 1] = (counts[cell + 1] as number) + s1
      counts[cell + 2] = (counts[cell + 2] as number) + s2
      counts[cell + 3] = (counts[cell + 3] as number) + s3
    }
  }
}
