/**
 * Truth inference with or without gold: one method by name, or the one that gold prefers; tempered on gold.
 *
 * Choice      with 20 gold items or more, among MAP Dawid-Skene, one-coin and EBCC, by their log loss on gold: the gold items are
 *             dealt into five parts, and a method is scored on each part with only the others clamped. Else MAP-DS.
 *             A dense panel (raters have rated half of the items or more on average, 200 raters at most: model judges) adds
 *             "stacked" to the choice.
 * Tempering   one power for all items, fitted on the same out-of-part beliefs.
 * Widening    where the gold items are unlike the others (`goldShift`), the others' beliefs admit it.
 * Settled     classes known of items that were looked at because raters disagreed. The fit is held to them: which items they are
 *             depends on the ratings alone, which the fit has seen. They are no random sample of items, so they choose no
 *             method, temper nothing and widen nothing.
 * Degenerate  no gold: nothing is tempered and `temper` is null.
 */
import { type CalibratedFit, calibrated } from './calibrated.ts'
import { fitMethod } from './fit-method.ts'
import type { RatingIndex } from './rating-index.ts'
import { panelIsDense } from './stacked.ts'
import { fitTemper, type GoldBelief, temperedLoss } from './temper.ts'
import type { EmThreads, TruthFit, TruthMethod } from './truth-method.ts'

const GOLD_FOR_CHOICE = 20
const PARTS = 5
/** Iterations of a refit that starts from beliefs which one part of gold less has shaped. */
const REFIT_ITERATIONS = 15
/** EBCC keeps tables of this many numbers at most: beyond, it is left out of the choice. */
const EBCC_TABLE_MAX = 2e7
const CANDIDATES = ['map-ds', 'one-coin', 'ebcc', 'stacked'] as const

export type InferOptions = {
  readonly method: TruthMethod | 'auto'
  readonly gold: Int32Array | null
  /** One class an item, -1 where none is; gold goes first where it says otherwise. */
  readonly settled?: Int32Array | null
  readonly iterations: number | null
  readonly seed: number
  readonly threads?: EmThreads
  /** EBCC takes a thousand times as long as the others: with more ratings than this it is left out of the choice. */
  readonly ebccRatingsMax?: number
  /** Fits without gold that are known already, by method: for whoever draws many sets of gold for one index. */
  readonly withoutGold?: ReadonlyMap<TruthMethod, TruthFit>
}

export type InferredTruth = CalibratedFit & { readonly chosenBecause: string | null }

export function inferTruth(index: RatingIndex, options: InferOptions): InferredTruth {
  const gold = goldItems(index, options.gold)
  const threads = options.threads === undefined ? {} : { threads: options.threads }
  const choose = options.method === 'auto' && gold.length >= GOLD_FOR_CHOICE
  const method = options.method === 'auto' ? 'map-ds' : options.method
  const candidates: readonly TruthMethod[] = choose
    ? CANDIDATES.filter(
        (name) =>
          (name !== 'ebcc' || ebccFits(index, options)) && (name !== 'stacked' || panelIsDense(index)),
      )
    : [method]
  const scored = candidates.map((name) => {
    const beliefs = outOfPart(index, name, gold, options)
    const power = fitTemper(beliefs)
    return { name, power, loss: temperedLoss(beliefs, power) }
  })
  const best = scored.reduce((a, b) => (b.loss < a.loss ? b : a))
  const start = options.withoutGold?.get(best.name)?.logBeliefs ?? null
  const held = heldClasses(options.gold, options.settled ?? null)
  const fit = fitMethod(
    index,
    best.name,
    { gold: held, iterations: options.iterations, start, seed: options.seed, ...threads },
    start === null ? undefined : 1,
  )
  return {
    ...calibrated(index, fit, options.gold, gold.length > 0 ? best.power : null, held),
    chosenBecause: options.method === 'auto' ? reason(scored, gold.length, ebccFits(index, options)) : null,
  }
}

/** What a fit is held to: gold, and elsewhere what is settled. */
export function heldClasses(gold: Int32Array | null, settled: Int32Array | null): Int32Array | null {
  if (gold === null || settled === null) return gold ?? settled
  return gold.map((known, item) => (known >= 0 ? known : (settled[item] ?? -1)))
}

export function fitWithoutGold(
  index: RatingIndex,
  method: TruthMethod,
  seed: number,
  threads?: EmThreads,
): TruthFit {
  const threaded = threads === undefined ? {} : { threads }
  return fitMethod(index, method, { gold: null, iterations: null, start: null, seed, ...threaded })
}

function goldItems({ items }: RatingIndex, gold: Int32Array | null): readonly number[] {
  if (gold === null) return []
  return Array.from({ length: items }, (_, item) => item).filter((item) => (gold[item] as number) >= 0)
}

/** Beliefs of each gold item by a fit that was not clamped to it. */
function outOfPart(
  index: RatingIndex,
  method: TruthMethod,
  items: readonly number[],
  options: InferOptions,
): readonly GoldBelief[] {
  if (items.length === 0) return []
  const gold = options.gold as Int32Array
  const { classes } = index
  const threads = options.threads === undefined ? {} : { threads: options.threads }
  const without =
    options.withoutGold?.get(method) ?? fitWithoutGold(index, method, options.seed, options.threads)
  const parts = Math.min(PARTS, items.length)
  return Array.from({ length: parts }, (_, part) => part).flatMap((part) => {
    const held = items.filter((_, at) => at % parts === part)
    const clamped = heldClasses(gold, options.settled ?? null)?.slice() ?? gold.slice()
    for (const item of held) clamped[item] = -1
    const fit = fitMethod(
      index,
      method,
      {
        gold: clamped,
        iterations: REFIT_ITERATIONS,
        start: without.logBeliefs,
        seed: options.seed,
        ...threads,
      },
      1,
    )
    return held.map((item) => ({
      logs: fit.logBeliefs.slice(item * classes, (item + 1) * classes),
      truth: gold[item] as number,
    }))
  })
}

function ebccFits({ raters, classes, ratings }: RatingIndex, { ebccRatingsMax }: InferOptions): boolean {
  if (ebccRatingsMax !== undefined && ratings > ebccRatingsMax) return false
  return raters * classes * classes * 10 <= EBCC_TABLE_MAX
}

function reason(
  scored: readonly { readonly name: string; readonly loss: number }[],
  gold: number,
  withEbcc: boolean,
): string {
  if (gold < GOLD_FOR_CHOICE)
    return `${gold} gold items; a choice needs ${GOLD_FOR_CHOICE}, so MAP Dawid-Skene`
  const losses = scored.map(({ name, loss }) => `${name} ${loss.toFixed(3)}`).join(', ')
  const left = withEbcc ? '' : '; ebcc left out: it would take too long here'
  return `least log loss on ${gold} gold items that were not clamped: ${losses}${left}`
}
