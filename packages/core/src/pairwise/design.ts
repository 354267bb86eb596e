/**
 * Comparisons as rows of numbers: the parameters are the ratings of the players, then the features, then (Davidson)
 * the log of the tie strength.
 *
 * Gauge  ratings are known only up to a constant in each group, so each group sums to 0. The fit adds a multiple of
 *        "the sum squared" to the curvature: steps and covariances then keep the sum at 0 exactly.
 */
import type { Comparison } from './comparison.ts'

export type Design = {
  readonly players: readonly string[]
  /** Player indices that are comparable with one another; each sums to 0. */
  readonly groups: readonly (readonly number[])[]
  readonly features: number
  readonly outcome: Float64Array
  /** What a row touches: rows x width, width = 2 + features: left (+1), right (-1), then each feature (its value). */
  readonly width: number
  readonly at: Int32Array
  readonly by: Float64Array
  /** Index of the rater of each row, and how many there are; null where no row names one. */
  readonly rater: Members | null
  /** The same of units. */
  readonly unit: Members | null
}

type Members = { readonly of: Int32Array; readonly names: readonly string[] }

/** Keeps the comparisons inside a group: between groups they carry no finite information. */
export function designOf(
  comparisons: readonly Comparison[],
  groups: readonly (readonly string[])[],
  features: number,
): Design {
  const players = groups.flat()
  const indexOf = new Map(players.map((name, at) => [name, at]))
  const groupOf = new Map(groups.flatMap((group, at) => group.map((name) => [name, at] as const)))
  const rows = comparisons.filter(
    ({ left, right }) => groupOf.has(left) && groupOf.get(left) === groupOf.get(right),
  )
  const featureAt = Array.from({ length: features }, (_, feature) => players.length + feature)
  return {
    players,
    groups: groups.map((group) => group.map((name) => indexOf.get(name) as number)),
    features,
    outcome: Float64Array.from(rows, ({ outcome }) => outcome),
    width: 2 + features,
    at: Int32Array.from(
      rows.flatMap(({ left, right }) => [
        indexOf.get(left) as number,
        indexOf.get(right) as number,
        ...featureAt,
      ]),
    ),
    by: Float64Array.from(rows.flatMap((row) => [1, -1, ...row.features])),
    rater: membersOf(rows.map(({ rater }) => rater)),
    unit: membersOf(rows.map(({ unit = null }) => unit)),
  }
}

function membersOf(named: readonly (string | null)[]): Members | null {
  const known = named.filter((name) => name !== null)
  if (known.length === 0 || known.length < named.length) return null
  const names = [...new Set(known)].sort()
  const indexOf = new Map(names.map((name, at) => [name, at]))
  return { of: Int32Array.from(known, (name) => indexOf.get(name) as number), names }
}

/** Rating of left minus right, plus the features. */
export function differenceOf(design: Design, theta: Float64Array, row: number): number {
  let d = 0
  for (let k = row * design.width; k < (row + 1) * design.width; k++)
    d += (theta[design.at[k] as number] as number) * (design.by[k] as number)
  return d
}

/** Adds the gauge of each group and the ridge to a curvature matrix. */
export function fixGauge(design: Design, curvature: Float64Array, size: number, ridge: number): void {
  for (const group of design.groups) {
    let trace = 0
    for (const player of group) trace += curvature[player * size + player] as number
    const weight = trace / group.length || 1
    for (const a of group)
      for (const b of group) curvature[a * size + b] = (curvature[a * size + b] as number) + weight
  }
  for (let k = 0; k < design.players.length + design.features; k++)
    curvature[k * size + k] = (curvature[k * size + k] as number) + ridge
}
