/**
 * Newton's method for the concave log likelihood of ratings, features and tie strength.
 *
 * Output      the parameters and the curvature (minus the Hessian, gauge and ridge added) where the gradient vanishes.
 * Degenerate  `singular`: a parameter that the others can replace. `diverges`: no finite optimum (the features decide
 *             every comparison, or ties follow no finite strength). Both name the parameter.
 * Cost        O(rows * (features + 2)^2 + parameters^3) a step, mostly 6 to 10 steps.
 */
import { factorCholesky, solveCholesky } from '../numeric/cholesky.ts'
import { type Design, differenceOf, fixGauge } from './design.ts'
import { differentiate, emptyDerivatives, type TieModel } from './likelihood.ts'

export type Optimum =
  | {
      readonly kind: 'optimum'
      readonly theta: Float64Array
      readonly curvature: Float64Array
      readonly logLikelihood: number
      readonly steps: number
    }
  | { readonly kind: 'singular' | 'diverges'; readonly parameter: number }

const STEPS_MAX = 100
/** exp(25): a million-million to one. Beyond it, no comparison of ours could tell the difference. */
const RATING_MAX = 25
const STEP_DONE = 1e-10

export type NewtonOptions = {
  readonly ties: TieModel
  readonly ridge: number
  readonly start?: Float64Array
  readonly stepsMax?: number
}

export function maximise(design: Design, outcome: Float64Array, options: NewtonOptions): Optimum {
  const size = design.players.length + design.features + (options.ties === 'davidson' ? 1 : 0)
  let theta: Float64Array = options.start ? Float64Array.from(options.start) : new Float64Array(size)
  let point = assess(design, outcome, theta, options)
  const stepsMax = options.stepsMax ?? STEPS_MAX
  for (let step = 1; ; step++) {
    const factor = factorCholesky(point.curvature, size)
    if (factor.kind === 'singular') return { kind: 'singular', parameter: factor.singularAt }
    const move = solveCholesky(factor, point.gradient)
    let share = 1
    let next = moved(theta, move, share)
    let reached = assess(design, outcome, next, options)
    // The objective is concave: halving always finds a rise unless the step is rounding already.
    while (!(reached.objective >= point.objective - 1e-12 * Math.abs(point.objective)) && share > 1e-6) {
      share /= 2
      next = moved(theta, move, share)
      reached = assess(design, outcome, next, options)
    }
    theta = next
    point = reached
    const largest = largestAt(theta)
    if (Math.abs(theta[largest] as number) > RATING_MAX) return { kind: 'diverges', parameter: largest }
    if (Math.abs(move[largestAt(move)] as number) < STEP_DONE || step >= stepsMax)
      return {
        kind: 'optimum',
        theta,
        curvature: point.curvature,
        logLikelihood: point.logLikelihood,
        steps: step,
      }
  }
}

function assess(design: Design, outcome: Float64Array, theta: Float64Array, options: NewtonOptions) {
  const size = theta.length
  const gradient = new Float64Array(size)
  const curvature = new Float64Array(size * size)
  const out = emptyDerivatives()
  const eta = options.ties === 'davidson' ? (theta[size - 1] as number) : 0
  let logLikelihood = 0
  for (let row = 0; row < outcome.length; row++) {
    differentiate(out, options.ties, outcome[row] as number, differenceOf(design, theta, row), eta)
    logLikelihood += out.value
    const end = (row + 1) * design.width
    for (let i = row * design.width; i < end; i++) {
      const first = design.at[i] as number
      const by = design.by[i] as number
      gradient[first] = (gradient[first] as number) + out.d * by
      for (let j = row * design.width; j < end; j++) {
        const cell = first * size + (design.at[j] as number)
        curvature[cell] = (curvature[cell] as number) + out.dd * by * (design.by[j] as number)
      }
      if (options.ties === 'davidson') {
        const mixed = out.dEta * by
        curvature[first * size + size - 1] = (curvature[first * size + size - 1] as number) + mixed
        curvature[(size - 1) * size + first] = (curvature[(size - 1) * size + first] as number) + mixed
      }
    }
    if (options.ties === 'davidson') {
      gradient[size - 1] = (gradient[size - 1] as number) + out.eta
      curvature[size * size - 1] = (curvature[size * size - 1] as number) + out.etaEta
    }
  }
  let penalty = 0
  for (let k = 0; k < design.players.length + design.features; k++) {
    gradient[k] = (gradient[k] as number) - options.ridge * (theta[k] as number)
    penalty += (options.ridge / 2) * (theta[k] as number) ** 2
  }
  fixGauge(design, curvature, size, options.ridge)
  return { gradient, curvature, logLikelihood, objective: logLikelihood - penalty }
}

function moved(theta: Float64Array, move: Float64Array, share: number): Float64Array {
  return theta.map((value, k) => value + share * (move[k] as number))
}

function largestAt(values: Float64Array): number {
  let at = 0
  for (let k = 1; k < values.length; k++)
    if (Math.abs(values[k] as number) > Math.abs(values[at] as number)) at = k
  return at
}
