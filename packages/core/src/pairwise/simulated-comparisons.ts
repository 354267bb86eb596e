/** For tests: comparisons written down or simulated, and what stands in a fit. */
import type { Insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import type { PairwiseFit } from './bradley-terry.ts'
import type { Comparison } from './comparison.ts'
import type { PairwiseOptions } from './solve-pairwise.ts'

export const PLAIN: PairwiseOptions = {
  ties: 'half',
  features: [],
  ridge: 0,
  alpha: 0.05,
  reliability: false,
}

/** `A>B` A beats B, `A=B` a tie; `x` after it names the rater. */
export function read(text: string): Comparison[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [left, sign, right, ...rater] = word
      return {
        left: left as string,
        right: right as string,
        outcome: sign === '>' ? 1 : sign === '<' ? 0 : 0.5,
        rater: rater.length > 0 ? rater.join('') : null,
        features: [],
      }
    })
}

export function fitted(result: PairwiseFit | Insufficient): PairwiseFit {
  if (result.kind === 'insufficient') throw new Error(result.reason)
  return result
}

export function value(estimate: IntervalEstimate | Insufficient | undefined): number {
  if (estimate?.kind !== 'estimate') throw new Error('no estimate')
  return estimate.value
}

export function interval(estimate: IntervalEstimate | Insufficient | undefined): {
  low: number
  high: number
} {
  if (estimate?.kind !== 'estimate' || estimate.interval.kind !== 'interval') throw new Error('no interval')
  return estimate.interval
}

export function ratingOf(fit: PairwiseFit, name: string): IntervalEstimate | Insufficient {
  const player = fit.components.flat(2).find((one) => one.name === name)
  if (player === undefined) throw new Error(`no player ${name}`)
  return player.rating
}

/** Comparisons of players 0..strengths-1 with an optional tie strength, position effect and raters of given honesty. */
export function simulate(
  random: () => number,
  strengths: readonly number[],
  many: number,
  world: { nu?: number; position?: number; length?: number; honesty?: readonly number[] } = {},
): Comparison[] {
  return Array.from({ length: many }, () => {
    const a = Math.floor(random() * strengths.length)
    const b = (a + 1 + Math.floor(random() * (strengths.length - 1))) % strengths.length
    const length = random() * 2 - 1
    const d =
      (strengths[a] as number) -
      (strengths[b] as number) +
      (world.position ?? 0) +
      (world.length ?? 0) * length
    const left = Math.exp(d / 2)
    const right = Math.exp(-d / 2)
    const at = random() * (left + right + (world.nu ?? 0))
    const rater = Math.floor(random() * (world.honesty?.length ?? 20))
    const lies = random() > (world.honesty?.[rater] ?? 1)
    const outcome = at < left ? 1 : at < left + right ? 0 : 0.5
    return {
      left: `p${a}`,
      right: `p${b}`,
      outcome: (lies ? 1 - outcome : outcome) as 0 | 0.5 | 1,
      rater: `rater ${rater}`,
      features: [1, length],
    }
  })
}

/** Without covariates. */
export const bare = (rows: readonly Comparison[]): readonly Comparison[] =>
  rows.map((row) => ({ ...row, features: [] }))
