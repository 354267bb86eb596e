import type { RunSlices } from './em-pass.ts'
import type { Allocate } from './rating-index.ts'

/** Names of the methods of truth inference, as the command line and reports say them. */
export type ConfusionModel = 'dawid-skene' | 'map-ds' | 'one-coin'

export type TruthMethod = 'majority' | ConfusionModel | 'ebcc' | 'stacked'

/** What a method believes of the items of one index. */
export type TruthFit = {
  readonly method: TruthMethod
  /** [item][class], natural logs of probabilities that sum to 1; finite, or -Infinity where a class is excluded by gold. */
  readonly logBeliefs: Float64Array
  /** After each iteration; it never falls. Empty where the method has none. */
  readonly objective: readonly number[]
  readonly iterations: number
}

export type FitOptions = {
  /** Class by item, -1 where nothing is known; gold items are clamped. null: no gold. */
  readonly gold: Int32Array | null
  /** Exactly that many; null: until the objective stands still. */
  readonly iterations: number | null
  /** Starts from these beliefs instead of the votes. */
  readonly start: Float64Array | null
  readonly seed: number
  /** Who runs the slices of a pass, with memory that they reach; absent: this thread. The result is the same. */
  readonly threads?: EmThreads
}

export type EmThreads = { readonly allocate: Allocate; readonly runSlices: RunSlices }
