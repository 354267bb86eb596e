/** The scale of a criterion: which answers there are, and what each is worth. */
export type Scale =
  /** `good` is the answer that speaks for the agent. */
  | { readonly kind: 'yes-no'; readonly good: 'yes' | 'no' }
  /** Levels from worst to best, at least two. */
  | { readonly kind: 'ordinal'; readonly levels: readonly string[] }
  /** A number in [min, max]; `max` is best. */
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  /** Which of two episodes is better; has no worth for one episode alone. */
  | { readonly kind: 'pairwise' }

/** The answers in the order of their keys (1 is the first); null when the answer is a number. */
export function optionsOf(scale: Scale): readonly string[] | null {
  switch (scale.kind) {
    case 'yes-no':
      return ['yes', 'no']
    case 'ordinal':
      return scale.levels
    case 'number':
      return null
    case 'pairwise':
      return ['left', 'right', 'equal']
  }
}

/** Worth of an answer in [0, 1], 1 = best; null for a pairwise scale and for an answer that the scale lacks. */
export function worthOf(scale: Scale, value: string | number): number | null {
  switch (scale.kind) {
    case 'yes-no':
      return value === 'yes' || value === 'no' ? Number(value === scale.good) : null
    case 'ordinal': {
      const level = typeof value === 'string' ? scale.levels.indexOf(value) : -1
      return level < 0 || scale.levels.length < 2 ? null : level / (scale.levels.length - 1)
    }
    case 'number':
      return typeof value === 'number' && value >= scale.min && value <= scale.max && scale.max > scale.min
        ? (value - scale.min) / (scale.max - scale.min)
        : null
    case 'pairwise':
      return null
  }
}
