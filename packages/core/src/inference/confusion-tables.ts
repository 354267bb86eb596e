/**
 * The M-step: from soft counts to log P(label | class) of each rater, under three models.
 *
 * Models   `dawid-skene` maximum likelihood (a pseudo-count of 1e-6 keeps logs finite); `map-ds` with a Dirichlet prior
 *          of strength 3 around a rater who is right 7 times in 10 and guesses else, 3 * (0.7 * I + 0.3 / K);
 *          `one-coin` with one accuracy for each rater, the same prior, and errors spread evenly.
 * Shapes   `counts`, `tables` [rater * K + label][K]; `classCounts`, `logPrior` [K].
 * Returns  the log of the prior's density at the maximum (constants left out), so that the objective is the one that
 *          expectation maximisation raises.
 */
import type { ConfusionModel } from './truth-method.ts'

const STRENGTH = 3
const TRUST = 0.7
const CLASS_PSEUDO_COUNT = 1
const FLOOR = 1e-6

/** Pseudo-counts of a right and of each wrong label. */
export function priorCounts(model: ConfusionModel, classes: number): readonly [number, number] {
  if (model === 'dawid-skene') return [FLOOR, FLOOR]
  const spread = (STRENGTH * (1 - TRUST)) / classes
  return [STRENGTH * TRUST + spread, spread]
}

export type ConfusionCounts = {
  readonly model: ConfusionModel
  readonly raters: number
  readonly classes: number
  readonly counts: Float64Array
  readonly classCounts: Float64Array
}

export function maximise(
  { model, raters, classes, counts, classCounts }: ConfusionCounts,
  tables: Float64Array,
  logPrior: Float64Array,
): number {
  const [right, wrong] = priorCounts(model, classes)
  const fill = model === 'one-coin' ? fillOneCoin : fillConfusion
  const density = fill(raters, classes, counts, tables, right, wrong)
  const pseudo = model === 'dawid-skene' ? FLOOR : CLASS_PSEUDO_COUNT
  let total = classes * pseudo
  for (let k = 0; k < classes; k++) total += classCounts[k] as number
  let ofClasses = 0
  for (let k = 0; k < classes; k++) {
    const log = Math.log(((classCounts[k] as number) + pseudo) / total)
    logPrior[k] = log
    ofClasses += pseudo * log
  }
  return density + ofClasses
}

function fillConfusion(
  raters: number,
  classes: number,
  counts: Float64Array,
  tables: Float64Array,
  right: number,
  wrong: number,
): number {
  const block = classes * classes
  const pseudoTotal = right + wrong * (classes - 1)
  let density = 0
  for (let w = 0; w < raters; w++) {
    const base = w * block
    for (let k = 0; k < classes; k++) {
      let total = pseudoTotal
      for (let l = 0; l < classes; l++) total += counts[base + l * classes + k] as number
      const logTotal = Math.log(total)
      for (let l = 0; l < classes; l++) {
        const pseudo = l === k ? right : wrong
        const at = base + l * classes + k
        const log = Math.log((counts[at] as number) + pseudo) - logTotal
        tables[at] = log
        density += pseudo * log
      }
    }
  }
  return density
}

function fillOneCoin(
  raters: number,
  classes: number,
  counts: Float64Array,
  tables: Float64Array,
  right: number,
  wrong: number,
): number {
  const block = classes * classes
  const others = classes - 1
  let density = 0
  for (let w = 0; w < raters; w++) {
    const base = w * block
    let hits = 0
    let total = 0
    for (let at = 0; at < block; at++) total += counts[base + at] as number
    for (let k = 0; k < classes; k++) hits += counts[base + k * classes + k] as number
    const all = total + right + wrong * others
    const logRight = Math.log((hits + right) / all)
    const logWrong = Math.log((total - hits + wrong * others) / all) - Math.log(others)
    for (let l = 0; l < classes; l++)
      for (let k = 0; k < classes; k++) tables[base + l * classes + k] = l === k ? logRight : logWrong
    density += right * logRight + wrong * others * logWrong
  }
  return density
}
