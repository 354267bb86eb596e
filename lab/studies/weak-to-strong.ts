/**
 * Weak labels that are right in 75 %, and a student that could know better: how much of the way from the weak teacher to the
 * student's own ceiling it goes (performance gap recovered, PGR), with and without a confidence loss.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { argmax, normal, type SmallModel, trainSmallModel } from './small-model.ts'

const FEATURES = 12
const TEST = 2_000
const WEAK_RIGHT = 0.75
const STUDENT = { classes: 2, hidden: 16 }
const TRAINING = { epochs: 40, rate: 0.01 }
const CONFIDENCE = 0.75
const SEED = 20_261_130

/**
 * Where the weak labels are wrong: `scattered`: anywhere; `region`: half of the errors in a part of the items that the student can see;
 * `rule`: exactly where a simpler rule, 45 degrees from the truth, says otherwise. `nothing`: the labels tell nothing (control).
 */
export const WEAK_ERRORS = ['scattered', 'region', 'rule', 'nothing'] as const
export type WeakErrors = (typeof WEAK_ERRORS)[number]

export type WeakToStrongRow = {
  readonly errors: WeakErrors
  readonly worlds: number
  /** Shares right, means over worlds. */
  readonly weak: number
  readonly plain: number
  readonly confident: number
  readonly ceiling: number
  /** Mean over worlds with twice its standard error. */
  readonly pgrPlain: Mean
  readonly pgrConfident: Mean
}
export type Mean = { readonly value: number; readonly error: number }

export function weakToStrong(worlds: number): readonly WeakToStrongRow[] {
  return WEAK_ERRORS.map((errors, place) => {
    const found = Array.from({ length: worlds }, (_, at) =>
      oneWorld(errors, seededRandom(SEED + 1_000 * place + at)),
    )
    const mean = (of: (one: World) => number) => meanOf(found.map(of)).value
    const pgr = (of: (one: World) => number) =>
      meanOf(found.map((one) => (of(one) - one.weak) / (one.ceiling - one.weak)))
    return {
      errors,
      worlds,
      weak: mean(({ weak }) => weak),
      plain: mean(({ plain }) => plain),
      confident: mean(({ confident }) => confident),
      ceiling: mean(({ ceiling }) => ceiling),
      pgrPlain: pgr(({ plain }) => plain),
      pgrConfident: pgr(({ confident }) => confident),
    }
  })
}

type World = {
  readonly weak: number
  readonly plain: number
  readonly confident: number
  readonly ceiling: number
}

/** Each draws its own truth, its own errors, and how many items there are to learn from. */
function oneWorld(errors: WeakErrors, random: () => number): World {
  const many = 300 + Math.floor(random() * 900)
  const truth = direction(random)
  const other = orthogonal(direction(random), truth)
  const teach = teacher(errors, truth, other, random)
  const draw = () => Float64Array.from({ length: FEATURES }, () => normal(random))
  const items = Array.from({ length: many }, draw).map((input) => {
    const right = Number(dot(input, truth) > 0)
    return { input, right, weak: teach(input, right) }
  })
  const tested = Array.from({ length: TEST }, draw)
  const rightOf = (model: SmallModel) =>
    tested.filter((input) => argmax(model(input)) === Number(dot(input, truth) > 0)).length / TEST
  const learn = (of: (item: (typeof items)[number]) => number, confidence: number) =>
    rightOf(
      trainSmallModel(
        items.map((item) => ({ input: item.input, target: of(item) })),
        STUDENT,
        { ...TRAINING, confidence },
        random,
      ),
    )
  return {
    weak: items.filter(({ right, weak }) => right === weak).length / many,
    plain: learn(({ weak }) => weak, 0),
    confident: learn(({ weak }) => weak, CONFIDENCE),
    ceiling: learn(({ right }) => right, 0),
  }
}

function teacher(
  errors: WeakErrors,
  truth: Float64Array,
  other: Float64Array,
  random: () => number,
): (input: Float64Array, right: number) => number {
  const wrong = 1 - WEAK_RIGHT
  switch (errors) {
    case 'nothing':
      return () => Number(random() < 0.5)
    case 'scattered':
      return (_, right) => (random() < wrong ? 1 - right : right)
    case 'region':
      // 1.15 standard deviations up lies one item in eight: half of the errors. The others are scattered over the rest.
      return (input, right) =>
        dot(input, other) > 1.15 || random() < wrong / 2 / (1 - wrong / 2) ? 1 - right : right
    case 'rule':
      return (input) => Number(dot(input, truth) + dot(input, other) > 0)
  }
}

function direction(random: () => number): Float64Array {
  const drawn = Float64Array.from({ length: FEATURES }, () => normal(random))
  const length = Math.sqrt(dot(drawn, drawn))
  return drawn.map((value) => value / length)
}

function orthogonal(one: Float64Array, to: Float64Array): Float64Array {
  const along = dot(one, to)
  const rest = one.map((value, at) => value - along * (to[at] as number))
  const length = Math.sqrt(dot(rest, rest))
  return rest.map((value) => value / length)
}

function dot(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] as number), 0)
}

export function meanOf(values: readonly number[]): Mean {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / Math.max(1, values.length - 1)
  return { value, error: 2 * Math.sqrt(variance / values.length) }
}
