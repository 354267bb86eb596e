/** What one wrong answer less costs by a split and by more raters on the whole, in the study `question-tree`. */
import { adviseSplit } from '@leeway/core/oversight/split-question'
import { type PerError, perErrorRemoved } from './cost-of-oversight.ts'
import { wholeAccuracy } from './question-tree-world.ts'

/** Assumed: minutes of a rater on the whole question, on a part, and tokens of a model that drafts the split once for 100 items. */
export const SPLITTING = { wholeMinutes: 5, partMinutes: 1.5, draftTokens: 20_000, items: 100 }
const SHARED = 0.3
const STEEPNESS = 0.4

export type SplitCostRow = {
  readonly parts: number
  /** Accuracy of a rater on a part. */
  readonly part: number
  /** How much less often the whole is wrong than by one rater on the whole. */
  readonly removed: number
  readonly split: PerError | null
  readonly threeRaters: PerError | null
}

/** Beside one rater on the whole question: one rater on each part, and three on the whole. */
export function splitCosts(): readonly SplitCostRow[] {
  return [2, 8, 32].flatMap((parts) =>
    [0.9, 0.98, 0.995].map((part) => {
      const whole = wholeAccuracy({ parts, steepness: STEEPNESS })
      const question = { whole, part, parts, shared: SHARED, missing: 0 }
      const { gain } = adviseSplit({ ...question, raters: 1 })
      const three = adviseSplit({ ...question, raters: 3 }).wholeAccuracy
      const { wholeMinutes, partMinutes, draftTokens, items } = SPLITTING
      return {
        parts,
        part,
        removed: gain,
        split: perErrorRemoved(gain, {
          minutes: Math.max(0, parts * partMinutes - wholeMinutes),
          tokens: draftTokens / items,
        }),
        threeRaters: perErrorRemoved(three - whole, { minutes: 2 * wholeMinutes, tokens: 0 }),
      }
    }),
  )
}
