/**
 * Accuracy of truth inference on real sets, each a folder with labels.csv and truth.csv. Without gold; with 20 gold items
 * over 20 draws for `auto`; and the log loss after tempering on 50. Scored on items that are not gold, ties split.
 */
import { fitWithoutGold, inferTruth } from '@leeway/core/inference/infer-truth'
import { scoreBeliefs } from '@leeway/core/inference/score-beliefs'
import type { TruthFit, TruthMethod } from '@leeway/core/inference/truth-method'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type RealSet, readRealSets } from './truth-inference-data.ts'

const METHODS: readonly TruthMethod[] = ['majority', 'one-coin', 'dawid-skene', 'map-ds', 'ebcc']

type Score = { readonly accuracy: number; readonly logLoss: number }

export type AccuracyRow = {
  readonly name: string
  /** Without gold, by method. */
  readonly alone: ReadonlyMap<TruthMethod, Score>
  /** Means over the draws. */
  readonly auto20: Score
  readonly mapDs20: Score
  readonly ebcc20: Score
  readonly auto50: Score
}

export function truthInference(folder: string, draws: number): readonly AccuracyRow[] {
  return readRealSets(folder).map((set) => {
    const fits = new Map(METHODS.map((method) => [method, fitWithoutGold(set.index, method, 1)]))
    return {
      name: set.name,
      alone: new Map(METHODS.map((method) => [method, score(set, fits.get(method) as TruthFit, null)])),
      auto20: meanOver(set, draws, 20, (gold) =>
        inferTruth(set.index, { method: 'auto', gold, iterations: null, seed: 1, withoutGold: fits }),
      ),
      // Scored on the same items as auto, but without the gold.
      mapDs20: meanOver(set, draws, 20, () => fits.get('map-ds') as TruthFit),
      ebcc20: meanOver(set, draws, 20, () => fits.get('ebcc') as TruthFit),
      auto50: meanOver(set, draws, 50, (gold) =>
        inferTruth(set.index, { method: 'auto', gold, iterations: null, seed: 1, withoutGold: fits }),
      ),
    }
  })
}

function meanOver(set: RealSet, draws: number, count: number, infer: (gold: Int32Array) => TruthFit): Score {
  const scores = Array.from({ length: draws }, (_, seed) => {
    const gold = drawGold(set.truth, Math.min(count, set.truth.length >> 1), seed + 1)
    return score(set, infer(gold), gold)
  })
  return {
    accuracy: mean(scores.map((one) => one.accuracy)),
    logLoss: mean(scores.map((one) => one.logLoss)),
  }
}

/** `count` items with a known truth, drawn without replacement. */
export function drawGold(truth: Int32Array, count: number, seed: number): Int32Array {
  const random = seededRandom(seed)
  const known = Array.from(truth.keys()).filter((item) => (truth[item] as number) >= 0)
  const gold = new Int32Array(truth.length).fill(-1)
  for (let at = 0; at < Math.min(count, known.length); at++) {
    const other = at + Math.floor(random() * (known.length - at))
    const item = known[other] as number
    known[other] = known[at] as number
    gold[item] = truth[item] as number
  }
  return gold
}

function score(set: RealSet, fit: TruthFit, gold: Int32Array | null): Score {
  const found = scoreBeliefs(fit.logBeliefs, set.index.classes, set.truth, gold)
  if (found === null) throw new Error(`${set.name}: no item has a known truth`)
  return found
}

export function accuracyTable(rows: readonly AccuracyRow[]): string {
  const columns: readonly (readonly [string, (row: AccuracyRow) => number, number])[] = [
    ...METHODS.map(
      (method) => [method, (row: AccuracyRow) => row.alone.get(method)?.accuracy ?? 0, 4] as const,
    ),
    ['map-ds, same items', (row) => row.mapDs20.accuracy, 4],
    ['ebcc, same items', (row) => row.ebcc20.accuracy, 4],
    ['auto, 20 gold', (row) => row.auto20.accuracy, 4],
    ['auto, 50 gold', (row) => row.auto50.accuracy, 4],
    ['log loss, 50 gold', (row) => row.auto50.logLoss, 3],
    ['log loss, map-ds alone', (row) => row.alone.get('map-ds')?.logLoss ?? 0, 3],
  ]
  const line = (name: string, of: (value: (row: AccuracyRow) => number) => number) =>
    `| ${name} | ${columns.map(([, value, digits]) => of(value).toFixed(digits)).join(' | ')} |`
  return [
    `| set | ${columns.map(([name]) => name).join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows.map((row) => line(row.name, (value) => value(row))),
    line('mean', (value) => mean(rows.map(value))),
  ].join('\n')
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
