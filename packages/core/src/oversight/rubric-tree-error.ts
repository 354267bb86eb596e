/**
 * What a rubric tree says and should say, given how its leaves err.
 *
 * Estimates   per node: the probability that its decision is right, its false alarms and misses, the expected value
 *             that is reported, the true one, and the standard deviation of the report around its mean.
 * Model       a leaf holds with probability `prior`, is read by `raters` raters with sensitivity and specificity, and
 *             raters of a leaf share an answer with probability `shared` (leaf-error.ts). Leaves are independent.
 *             `every`: holds when every child holds. `weighted`: value = sum of weights of children that hold / sum of
 *             positive weights; it holds when the value reaches `passMark` and every required child holds.
 * Method      exact joint distribution of (truth, report): for `weighted` by convolution over the children on the
 *             values they can take, merged when more than VALUES_MAX.
 * Degenerate  a node without children, weights that are all 0 or below, shares outside [0, 1]: throws.
 * Cost        O(leaves) for `every`, O(children * VALUES_MAX^2 at most) for `weighted`.
 * Evidence    oversight.test.ts
 */
import { leafAccuracy, requireShare } from './leaf-error.ts'

export type RubricNode =
  | {
      readonly kind: 'leaf'
      /** How often the criterion truly holds. */
      readonly prior: number
      /** P(a rater says it holds | it does), P(a rater says it does not | it does not). */
      readonly sensitivity: number
      readonly specificity: number
      readonly raters: number
      /** Probability that all raters of this leaf give one common answer. */
      readonly shared: number
    }
  | { readonly kind: 'every'; readonly children: readonly RubricNode[] }
  | {
      readonly kind: 'weighted'
      readonly children: readonly {
        readonly weight: number
        readonly node: RubricNode
        /** Where it does not hold, the parent is worth 0 and does not hold either. */
        readonly required?: boolean
      }[]
      readonly passMark: number
    }

/** Joint probabilities of truth (first) and report (second). They sum to 1. */
export type NodeError = {
  readonly bothHold: number
  readonly missed: number
  readonly falseAlarm: number
  readonly neitherHolds: number
  /** P(report equals truth). */
  readonly accuracy: number
  /** Mean of the value as it is and as it is reported, and the spread of report minus truth. */
  readonly trueMean: number
  readonly reportedMean: number
  readonly errorDeviation: number
}

export function rubricTreeError(node: RubricNode): NodeError {
  if (node.kind === 'leaf') return leafError(node)
  if (node.children.length === 0) throw new RangeError('a node of a rubric needs at least one child')
  return node.kind === 'every' ? everyError(node.children.map(rubricTreeError)) : weightedError(node)
}

function leafError(leaf: Extract<RubricNode, { kind: 'leaf' }>): NodeError {
  requireShare('prior', leaf.prior)
  const { raters, shared } = leaf
  const sensitivity = leafAccuracy({ accuracy: leaf.sensitivity, raters, shared })
  const specificity = leafAccuracy({ accuracy: leaf.specificity, raters, shared })
  return yesOrNo(
    leaf.prior * sensitivity,
    leaf.prior * (1 - sensitivity),
    (1 - leaf.prior) * (1 - specificity),
    (1 - leaf.prior) * specificity,
  )
}

function everyError(children: readonly NodeError[]): NodeError {
  let bothHold = 1
  let truth = 1
  let report = 1
  for (const child of children) {
    bothHold *= child.bothHold
    truth *= child.bothHold + child.missed
    report *= child.bothHold + child.falseAlarm
  }
  return yesOrNo(bothHold, truth - bothHold, report - bothHold, 1 - truth - report + bothHold)
}

function yesOrNo(bothHold: number, missed: number, falseAlarm: number, neitherHolds: number): NodeError {
  const cut = (probability: number): number => Math.min(1, Math.max(0, probability))
  const bias = falseAlarm - missed
  return {
    bothHold: cut(bothHold),
    missed: cut(missed),
    falseAlarm: cut(falseAlarm),
    neitherHolds: cut(neitherHolds),
    accuracy: cut(bothHold + neitherHolds),
    trueMean: cut(bothHold + missed),
    reportedMean: cut(bothHold + falseAlarm),
    errorDeviation: Math.sqrt(Math.max(0, falseAlarm + missed - bias * bias)),
  }
}

/** Values are kept to this many steps of the largest possible sum, so that 1,000 odd weights do not make 2^1000 sums. */
const VALUES_MAX = 100

/** Beyond any rounded report, so that no two pairs of values share a key. */
const KEY_STRIDE = 4 * VALUES_MAX

function weightedError(node: Extract<RubricNode, { kind: 'weighted' }>): NodeError {
  const positive = node.children.reduce((sum, { weight }) => sum + Math.max(0, weight), 0)
  const negative = node.children.reduce((sum, { weight }) => sum + Math.min(0, weight), 0)
  if (!(positive > 0) || !Number.isFinite(positive - negative))
    throw new RangeError('a weighted node needs a positive, finite sum of weights')
  const step = (positive - negative) / VALUES_MAX
  const children = node.children.map(({ weight, node: child, required }) => ({
    weight,
    required: required === true,
    error: rubricTreeError(child),
  }))
  let states: States = new Map([
    [0, { truth: 0, report: 0, truthFails: false, reportFails: false, probability: 1 }],
  ])
  for (const { weight, required, error } of children) {
    const next: typeof states = new Map()
    for (const { probability, ...state } of states.values()) {
      for (const [holds, said, chance] of [
        [1, 1, error.bothHold],
        [1, 0, error.missed],
        [0, 1, error.falseAlarm],
        [0, 0, error.neitherHolds],
      ] as const) {
        if (chance === 0) continue
        const reached = {
          truth: state.truth + holds * weight,
          report: state.report + said * weight,
          truthFails: state.truthFails || (required && holds === 0),
          reportFails: state.reportFails || (required && said === 0),
          probability: probability * chance,
        }
        add(next, reached, step)
      }
    }
    states = next
  }
  const joint = { bothHold: 0, missed: 0, falseAlarm: 0, neitherHolds: 0 }
  let trueMean = 0
  let reportedMean = 0
  let square = 0
  for (const { probability, ...state } of states.values()) {
    const truth = state.truthFails ? 0 : state.truth
    const report = state.reportFails ? 0 : state.report
    // Rounding of sums of decimal weights must not fail a value that is the pass mark itself.
    const holds = !state.truthFails && truth / positive >= node.passMark - 1e-9
    const said = !state.reportFails && report / positive >= node.passMark - 1e-9
    joint[holds ? (said ? 'bothHold' : 'missed') : said ? 'falseAlarm' : 'neitherHolds'] += probability
    trueMean += (probability * truth) / positive
    reportedMean += (probability * report) / positive
    square += probability * ((report - truth) / positive) ** 2
  }
  return {
    ...joint,
    accuracy: Math.min(1, joint.bothHold + joint.neitherHolds),
    trueMean,
    reportedMean,
    errorDeviation: Math.sqrt(Math.max(0, square - (reportedMean - trueMean) ** 2)),
  }
}

type State = {
  truth: number
  report: number
  truthFails: boolean
  reportFails: boolean
  probability: number
}
type States = Map<number, State>

/** Adds a state; those within half a step of each other are merged at their mean, which keeps the means exact. */
function add(states: States, state: State, step: number): void {
  const fails = (state.truthFails ? 2 : 0) + (state.reportFails ? 1 : 0)
  const key = (Math.round(state.truth / step) * KEY_STRIDE + Math.round(state.report / step)) * 4 + fails
  const found = states.get(key)
  if (found === undefined) {
    states.set(key, state)
    return
  }
  const sum = found.probability + state.probability
  found.truth += ((state.truth - found.truth) * state.probability) / sum
  found.report += ((state.report - found.report) * state.probability) / sum
  found.probability = sum
}
