/** What raters believe of the right answer after each round, among those who have not stopped before. */
import type { Judgment } from './judgment.ts'

export type RoundMean = { readonly round: number; readonly judgments: number; readonly mean: number }

/** Rounds from 1; as many as the longest judgment of the arm has. */
export function roundMeans(judgments: readonly Judgment[], arm: string): readonly RoundMean[] {
  const own = judgments.filter((one) => one.arm === arm)
  const rounds = own.reduce((most, { probabilities }) => Math.max(most, probabilities.length), 0)
  return Array.from({ length: rounds }, (_, at) => {
    const active = own.flatMap(({ probabilities }) => probabilities.slice(at, at + 1))
    return {
      round: at + 1,
      judgments: active.length,
      mean: active.reduce((sum, value) => sum + value, 0) / active.length,
    }
  })
}
