/** Finds the parameters and both their variances: the model's own and the sandwich. */
import { factorCholesky, invertCholesky } from '../numeric/cholesky.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { type Design, differenceOf, fixGauge } from './design.ts'
import { differentiate, emptyDerivatives, type TieModel } from './likelihood.ts'
import { maximise, type Optimum } from './newton.ts'
import { curvatureOfAnswers, fitReliability } from './rater-reliability.ts'
import { type Clustering, clusteredVariances } from './sandwich.ts'

export type PairwiseOptions = {
  readonly ties: TieModel
  /** Names of the covariates, in the order of `Comparison.features`. */
  readonly features: readonly string[]
  /** Penalty ridge/2 * sum of squares on ratings and effects; 0 for none. */
  readonly ridge: number
  /** Probability that an interval misses; in (0, 1). */
  readonly alpha: number
  /** Whether to learn how often each rater answers honestly. Every comparison must then name its rater. */
  readonly reliability: boolean
}

/** A rater's probability of an honest answer. */
export type RatedRater = IntervalEstimate & { readonly name: string; readonly comparisons: number }

export type Solved = {
  readonly kind: 'solved'
  readonly theta: Float64Array
  readonly model: Float64Array
  readonly clustering: Clustering
  readonly logLikelihood: number
  readonly raters: readonly RatedRater[]
}

export function solvePairwise(
  design: Design,
  ties: TieModel,
  options: PairwiseOptions,
): Solved | Insufficient {
  if (design.outcome.length === 0) {
    const clustering = { by: 'comparison', clusters: 0, variances: new Float64Array(0), quantile: 0 } as const
    const none = new Float64Array(0)
    return options.features.length === 0
      ? { kind: 'solved', theta: none, model: none, clustering, logLikelihood: 0, raters: [] }
      : insufficient('every comparison is decided by who plays, so no feature can be told')
  }
  if (options.reliability) return solveReliability(design, options)
  const optimum = maximise(design, design.outcome, { ties, ridge: options.ridge })
  if (optimum.kind !== 'optimum') return unsolved(optimum, design, options)
  const out = emptyDerivatives()
  const d = new Float64Array(design.outcome.length)
  const eta = ties === 'davidson' ? new Float64Array(d.length) : null
  const size = optimum.theta.length
  for (let row = 0; row < d.length; row++) {
    const strength = eta ? (optimum.theta[size - 1] as number) : 0
    differentiate(
      out,
      ties,
      design.outcome[row] as number,
      differenceOf(design, optimum.theta, row),
      strength,
    )
    d[row] = out.d
    if (eta) eta[row] = out.eta
  }
  const inverse = inverseOf(optimum.curvature, size)
  if (inverse === null) return insufficient('the comparisons leave the ratings open')
  return {
    kind: 'solved',
    theta: optimum.theta,
    model: diagonalOf(inverse, size),
    clustering: clusteredVariances(design, { d, eta }, inverse, options.alpha),
    logLikelihood: optimum.logLikelihood,
    raters: [],
  }
}

function solveReliability(design: Design, options: PairwiseOptions): Solved | Insufficient {
  const { rater } = design
  if (rater === null) return insufficient('reliability needs a rater in every comparison')
  const fit = fitReliability(design, rater.of, rater.names.length, options.ridge)
  if (fit.optimum.kind !== 'optimum') return unsolved(fit.optimum, design, options)
  const theta = fit.optimum.theta
  const size = theta.length
  const { dd, d, dEta, etaEta } = curvatureOfAnswers(design, rater.of, fit.honesty, theta)
  const curvature = new Float64Array(size * size)
  const mixed = rater.names.map(() => new Float64Array(size))
  for (let row = 0; row < dd.length; row++) {
    const ofRater = mixed[rater.of[row] as number] as Float64Array
    for (let i = row * design.width; i < (row + 1) * design.width; i++) {
      const first = design.at[i] as number
      const by = design.by[i] as number
      ofRater[first] = (ofRater[first] as number) + (dEta[row] as number) * by
      for (let j = row * design.width; j < (row + 1) * design.width; j++) {
        const cell = first * size + (design.at[j] as number)
        curvature[cell] = (curvature[cell] as number) + (dd[row] as number) * by * (design.by[j] as number)
      }
    }
  }
  mixed.forEach((vector, w) => {
    for (let i = 0; i < size; i++) {
      if (vector[i] === 0) continue
      for (let j = 0; j < size; j++)
        curvature[i * size + j] =
          (curvature[i * size + j] as number) -
          ((vector[i] as number) * (vector[j] as number)) / (etaEta[w] as number)
    }
  })
  fixGauge(design, curvature, size, options.ridge)
  const inverse = inverseOf(curvature, size)
  if (inverse === null)
    return insufficient('the raters disagree too much to tell honest answers from opposite ones')
  const answers = new Float64Array(rater.names.length)
  for (const w of rater.of) answers[w] = (answers[w] as number) + 1
  const clustering = clusteredVariances(design, { d, eta: null }, inverse, options.alpha)
  return {
    kind: 'solved',
    theta,
    model: diagonalOf(inverse, size),
    clustering,
    logLikelihood: fit.objective.at(-1) as number,
    raters: rater.names.map((name, w) => {
      const value = fit.honesty[w] as number
      const vector = mixed[w] as Float64Array
      const information = etaEta[w] as number
      const reach =
        clustering.quantile * Math.sqrt(1 / information + quadratic(inverse, vector) / information ** 2)
      return {
        kind: 'estimate',
        name,
        comparisons: answers[w] as number,
        value,
        interval: {
          kind: 'interval',
          low: Math.max(0, value - reach),
          high: Math.min(1, value + reach),
          level: 1 - options.alpha,
        },
      }
    }),
  }
}

function unsolved(optimum: Optimum, design: Design, options: PairwiseOptions): Insufficient {
  const at = optimum.kind === 'optimum' ? 0 : optimum.parameter
  const feature = options.features[at - design.players.length]
  const mend = 'leave it out, or set a ridge'
  if (optimum.kind === 'singular' && feature !== undefined)
    return insufficient(`feature "${feature}" is constant or follows from the others; ${mend}`)
  if (feature !== undefined) return insufficient(`feature "${feature}" decides every comparison; ${mend}`)
  return insufficient(
    `the rating of "${design.players[at] ?? 'ties'}" has no finite value beside these features; set a ridge`,
  )
}

function inverseOf(curvature: Float64Array, size: number): Float64Array | null {
  const factor = factorCholesky(curvature, size)
  return factor.kind === 'factor' ? invertCholesky(factor) : null
}

function diagonalOf(matrix: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => matrix[k * size + k] as number)
}

function quadratic(matrix: Float64Array, vector: Float64Array): number {
  const size = vector.length
  let sum = 0
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      sum += (vector[i] as number) * (matrix[i * size + j] as number) * (vector[j] as number)
  return Math.max(0, sum)
}
