/**
 * One run of a gate on simulated units, until it promotes or gives up.
 *
 * Model       pairs alike and independent; the two policies fail independently of each other on pairs that differ; identical
 *             pairs have one outcome. The judge is right with the same probability on failed and on sound episodes.
 * Audits      with a judge, an episode is labelled with a probability in proportion to sqrt(f (1 - f)), f the failure predicted
 *             from earlier labels; on average `budget`, at least FLOOR.
 * Real parts  calibration, summands (with experts' second looks) and the betting process are those of the gate.
 */
import {
  learnFailure,
  type PredictedFailure,
  predictFailure,
  startCalibration,
} from '../gate/judge-calibration.ts'
import { learnReaudit, predictTruth, startReaudits } from '../gate/reaudit-tally.ts'
import { reauditedSummandOf } from '../gate/reaudited-summand.ts'
import { summandOf } from '../gate/summand.ts'
import type { ArmLabel, PairedUnit } from '../gate/unit.ts'
import { type BetPrior, playUntil, startBetting } from '../sequential/betting-process.ts'
import { type Design, FLOOR } from './summand-law.ts'

export type GateRun = {
  readonly promoted: boolean
  readonly units: number
  readonly labels: number
  readonly reaudits: number
}

const SUSPECTED = 0.95
const UNSUSPECTED = 0.05
const UNJUDGED: PredictedFailure = { value: 0, min: 0, max: 0 }

export function playGate(
  design: Design,
  plan: { readonly margin: number; readonly alpha: number; readonly betPrior: BetPrior },
  unitsMax: number,
  random: () => number,
): GateRun {
  const arms = { candidate: startArm(), baseline: startArm() }
  const process = startBetting()
  const threshold = Math.log(1 / plan.alpha)
  const counts = { labels: 0, reaudits: 0 }
  const floor = design.labelError?.reaudit ?? null
  const differing = 1 - design.identicalShare
  const rates = {
    // The whole difference arises on pairs that are not identical.
    candidate: rateOf(
      design.baselineFailure + (design.candidateFailure - design.baselineFailure) / Math.max(differing, 1e-9),
    ),
    baseline: design.baselineFailure,
  }
  for (let unit = 1; unit <= unitsMax; unit++) {
    const pair: PairedUnit = {
      design: 'paired',
      unit: 'u',
      candidate: drawLabel(arms.candidate, rates.candidate, design, random),
      baseline: drawLabel(arms.baseline, rates.baseline, design, random),
    }
    const predicted = { candidate: arms.candidate.predicted, baseline: arms.baseline.predicted }
    const { value, max } =
      floor === null
        ? summandOf(pair, predicted, 'promote')
        : reauditedSummandOf(
            { ...pair, probabilityMin: design.judgeAccuracy === null ? 1 : FLOOR },
            predicted,
            {
              candidate: predictTruth(arms.candidate.reaudits),
              baseline: predictTruth(arms.baseline.reaudits),
            },
            { passed: floor, failed: floor },
            'promote',
          )
    const identical = design.identicalShare > 0 && random() < design.identicalShare
    if (identical) {
      if (random() < FLOOR) counts.labels += 2
    } else {
      count(counts, pair.candidate)
      count(counts, pair.baseline)
      learn(arms.candidate, pair.candidate)
      learn(arms.baseline, pair.baseline)
    }
    // The stake is set before it is known whether the pair is identical, so the range is that of any pair.
    const payoff = plan.margin - (identical ? 0 : value)
    if (playUntil(process, payoff, max - plan.margin, plan.betPrior, threshold))
      return { promoted: true, units: unit, ...counts }
  }
  return { promoted: false, units: unitsMax, ...counts }
}

type Arm = {
  readonly calibration: ReturnType<typeof startCalibration>
  readonly reaudits: ReturnType<typeof startReaudits>
  /** Predictions of the two scores, kept until a label teaches something. */
  known: { readonly suspected: PredictedFailure; readonly unsuspected: PredictedFailure } | null
  predicted: PredictedFailure
  spreadSum: number
  episodes: number
}

function startArm(): Arm {
  return {
    calibration: startCalibration(),
    reaudits: startReaudits(),
    known: null,
    predicted: UNJUDGED,
    spreadSum: 0.3,
    episodes: 1,
  }
}

function drawLabel(arm: Arm, rate: number, design: Design, random: () => number): ArmLabel {
  const truth = random() < rate ? 1 : 0
  if (design.judgeAccuracy === null) return labelOf(truth, 1, null, design, random)
  const judge = (truth === 1) === random() < design.judgeAccuracy ? SUSPECTED : UNSUSPECTED
  arm.known ??= {
    suspected: predictFailure(arm.calibration, SUSPECTED),
    unsuspected: predictFailure(arm.calibration, UNSUSPECTED),
  }
  const { suspected, unsuspected } = arm.known
  const mean = arm.spreadSum / arm.episodes
  const probabilityOf = (value: number) =>
    Math.min(1, Math.max(FLOOR, (design.budget * spreadOf(value)) / mean))
  const own = judge === SUSPECTED ? suspected : unsuspected
  const [high, low] = [probabilityOf(suspected.value), probabilityOf(unsuspected.value)]
  arm.predicted = {
    ...own,
    audited: {
      min: Math.min(suspected.value - suspected.value / high, unsuspected.value - unsuspected.value / low),
      max: Math.max(
        suspected.value + (1 - suspected.value) / high,
        unsuspected.value + (1 - unsuspected.value) / low,
      ),
    },
  }
  arm.spreadSum += spreadOf(own.value)
  arm.episodes += 1
  const probability = judge === SUSPECTED ? high : low
  return random() < probability
    ? labelOf(truth, probability, judge, design, random)
    : { kind: 'unsampled', probability, judge }
}

function labelOf(
  truth: number,
  probability: number,
  judge: number | null,
  { labelError }: Design,
  random: () => number,
): ArmLabel {
  if (labelError === null) return { kind: 'observed', failure: truth, probability, judge }
  const failure = random() < (truth === 1 ? labelError.sensitivity : 1 - labelError.specificity) ? 1 : 0
  if (labelError.reaudit === null) return { kind: 'observed', failure, probability, judge }
  const again = labelError.reaudit
  return {
    kind: 'observed',
    failure,
    probability,
    judge,
    reaudit:
      random() < again
        ? { kind: 'observed', failure: truth, probability: again }
        : { kind: 'unsampled', probability: again },
  }
}

function learn(arm: Arm, label: ArmLabel): void {
  if (label.kind !== 'observed') return
  learnReaudit(arm.reaudits, label)
  if (label.judge === null) return
  learnFailure(arm.calibration, label.judge, label.failure)
  arm.known = null
}

function count(counts: { labels: number; reaudits: number }, label: ArmLabel): void {
  if (label.kind !== 'observed') return
  counts.labels += 1
  if (label.reaudit?.kind === 'observed') counts.reaudits += 1
}

function spreadOf(rate: number): number {
  return Math.sqrt(rate * (1 - rate))
}

function rateOf(rate: number): number {
  return Math.min(1, Math.max(0, rate))
}
