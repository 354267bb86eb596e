/**
 * Enhanced Bayesian classifier combination (Li, Rubinstein, Cohn, ICML 2019) by variational inference: every class
 * consists of groups of items, and raters may err together on a group. Model judges do that.
 *
 * Model       class ~ Dirichlet(vote counts), group in class ~ Dirichlet(0.1), each rater's label given (class, group) ~
 *             Dirichlet with 4 on the class and 1 elsewhere; 10 groups.
 * Objective   the evidence lower bound without constants; it never falls. Several seeded starts; the highest bound wins.
 * Degenerate  as in `fitConfusion`: lone raters teach nothing; without ratings the beliefs are the class prior.
 */
import gammaln from '@stdlib/math-base-special-gammaln'
import { seededRandom } from '../numeric/seeded-random.ts'
import { digamma } from './digamma.ts'
import { normaliseLogs } from './log-beliefs.ts'
import type { RatingIndex } from './rating-index.ts'
import type { FitOptions, TruthFit } from './truth-method.ts'
import { clampGold, majority } from './vote-shares.ts'

const GROUPS = 10
const GROUP_PRIOR = 0.1
const RIGHT = 4
const WRONG = 1
const STARTS = 3
const ITERATIONS_MAX = 200
const TOLERANCE = 1e-6

export function fitEbcc(index: RatingIndex, options: FitOptions, starts = STARTS): TruthFit {
  let best: TruthFit | null = null
  for (let at = 0; at < starts; at++) {
    const fit = fitOnce(index, options, options.seed * 101 + at)
    if (best === null || (fit.objective.at(-1) ?? 0) > (best.objective.at(-1) ?? 0)) best = fit
  }
  return best as TruthFit
}

function fitOnce(index: RatingIndex, options: FitOptions, seed: number): TruthFit {
  const { items, raters, classes, start, cells } = index
  const { gold } = options
  const states = classes * GROUPS
  const votes = majority(index, gold).logBeliefs
  const classPrior = new Float64Array(classes)
  for (let i = 0; i < items; i++)
    for (let k = 0; k < classes; k++)
      classPrior[k] = (classPrior[k] as number) + Math.exp(votes[i * classes + k] as number)
  for (let k = 0; k < classes; k++) classPrior[k] = Math.max(classPrior[k] as number, 1)
  const beliefs = firstBeliefs(options.start ?? votes, items, classes, seed)
  const counts = new Float64Array(raters * classes * states)
  const tables = new Float64Array(counts.length)
  const stateCounts = new Float64Array(states)
  const logState = new Float64Array(states)
  const score = new Float64Array(states)
  const teaches = (i: number) => index.teaches[i] === 1 || (gold !== null && (gold[i] as number) >= 0)
  const objective: number[] = []
  const limit = options.iterations ?? ITERATIONS_MAX

  const scatter = () => {
    counts.fill(0)
    stateCounts.fill(0)
    for (let i = 0; i < items; i++) {
      if (!teaches(i)) continue
      const base = i * states
      for (let s = 0; s < states; s++)
        stateCounts[s] = (stateCounts[s] as number) + (beliefs[base + s] as number)
      for (let at = start[i] as number; at < (start[i + 1] as number); at++) {
        const place = (cells[at] as number) * states
        for (let s = 0; s < states; s++)
          counts[place + s] = (counts[place + s] as number) + (beliefs[base + s] as number)
      }
    }
  }

  for (let iteration = 0; iteration < limit; iteration++) {
    scatter()
    let bound = logStates(stateCounts, classPrior, logState, classes)
    bound += logTables(counts, tables, raters, classes)
    for (let i = 0; i < items; i++) {
      const known = gold?.[i] ?? -1
      score.set(logState)
      const from = start[i] as number
      const to = start[i + 1] as number
      // As in `logBeliefsOf`: a lone rater who repeats itself counts once. Gold items keep their bound.
      const weight = teaches(i) ? 1 : 1 / (to - from)
      for (let at = from; at < to; at++) {
        const place = (cells[at] as number) * states
        for (let s = 0; s < states; s++)
          score[s] = (score[s] as number) + weight * (tables[place + s] as number)
      }
      if (known >= 0)
        for (let s = 0; s < states; s++) if (((s / GROUPS) | 0) !== known) score[s] = Number.NEGATIVE_INFINITY
      const log = normaliseLogs(score, 0, states)
      if (teaches(i)) bound += log
      for (let s = 0; s < states; s++) beliefs[i * states + s] = Math.exp(score[s] as number)
    }
    const before = objective.at(-1)
    objective.push(bound)
    if (options.iterations === null && before !== undefined && bound - before < TOLERANCE * Math.abs(bound))
      break
  }
  const logBeliefs = new Float64Array(items * classes)
  for (let i = 0; i < items; i++) {
    if (clampGold(logBeliefs, gold, i, classes)) continue
    for (let k = 0; k < classes; k++) {
      let sum = 1e-300
      for (let m = 0; m < GROUPS; m++) sum += beliefs[i * states + k * GROUPS + m] as number
      logBeliefs[i * classes + k] = Math.log(sum)
    }
    normaliseLogs(logBeliefs, i * classes, classes)
  }
  return { method: 'ebcc', logBeliefs, objective, iterations: objective.length }
}

/** Votes, spread over the groups of each class by a seeded flat Dirichlet draw for each item and class. */
function firstBeliefs(logs: Float64Array, items: number, classes: number, seed: number): Float64Array {
  const random = seededRandom(seed)
  const beliefs = new Float64Array(items * classes * GROUPS)
  for (let at = 0; at < items * classes; at++) {
    const share = Math.exp(logs[at] as number)
    let total = 0
    for (let m = 0; m < GROUPS; m++) {
      const draw = -Math.log(1 - random() * (1 - 1e-12))
      beliefs[at * GROUPS + m] = draw
      total += draw
    }
    for (let m = 0; m < GROUPS; m++)
      beliefs[at * GROUPS + m] = ((beliefs[at * GROUPS + m] as number) * share) / (total || 1)
  }
  return beliefs
}

/** Expected log weight of each (class, group); returns minus the divergence of its Dirichlets from their priors. */
function logStates(
  stateCounts: Float64Array,
  classPrior: Float64Array,
  logState: Float64Array,
  classes: number,
): number {
  let bound = 0
  let priorTotal = 0
  let total = 0
  const classTotals = new Float64Array(classes)
  for (let k = 0; k < classes; k++) {
    for (let m = 0; m < GROUPS; m++)
      classTotals[k] = (classTotals[k] as number) + (stateCounts[k * GROUPS + m] as number)
    priorTotal += classPrior[k] as number
    total += (classTotals[k] as number) + (classPrior[k] as number)
  }
  bound += gammaln(priorTotal) - gammaln(total)
  for (let k = 0; k < classes; k++) {
    const own = classTotals[k] as number
    const alpha = own + (classPrior[k] as number)
    const logClass = digamma(alpha) - digamma(total)
    bound += gammaln(alpha) - gammaln(classPrior[k] as number) - own * logClass
    const all = own + GROUPS * GROUP_PRIOR
    const logAll = digamma(all)
    bound += gammaln(GROUPS * GROUP_PRIOR) - gammaln(all)
    for (let m = 0; m < GROUPS; m++) {
      const n = stateCounts[k * GROUPS + m] as number
      const logGroup = digamma(n + GROUP_PRIOR) - logAll
      bound += gammaln(n + GROUP_PRIOR) - gammaln(GROUP_PRIOR) - n * logGroup
      logState[k * GROUPS + m] = logClass + logGroup
    }
  }
  return bound
}

/** Expected log P(label | class, group) of each rater; returns minus the divergence from the prior. */
function logTables(counts: Float64Array, tables: Float64Array, raters: number, classes: number): number {
  const states = classes * GROUPS
  const pseudoTotal = RIGHT + WRONG * (classes - 1)
  let bound = 0
  for (let w = 0; w < raters; w++) {
    const base = w * classes * states
    for (let s = 0; s < states; s++) {
      const k = (s / GROUPS) | 0
      let total = pseudoTotal
      for (let l = 0; l < classes; l++) total += counts[base + l * states + s] as number
      const logTotal = digamma(total)
      bound += gammaln(pseudoTotal) - gammaln(total)
      for (let l = 0; l < classes; l++) {
        const pseudo = l === k ? RIGHT : WRONG
        const n = counts[base + l * states + s] as number
        const log = digamma(n + pseudo) - logTotal
        tables[base + l * states + s] = log
        bound += gammaln(n + pseudo) - gammaln(pseudo) - n * log
      }
    }
  }
  return bound
}
