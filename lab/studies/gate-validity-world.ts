/**
 * Worlds for the validity of the gate: one cell is a failure rate, a margin, a judge, an audit budget and a share of missing
 * labels. The candidate fails exactly `delta` more often, so that promotion and rollback at that margin are both errors.
 *
 * Drives the real calibration, summand and betting process. `fault` breaks one rule on purpose: each must show.
 */
import {
  type JudgeCalibration,
  learnFailure,
  type PredictedFailure,
  predictFailure,
  startCalibration,
} from '@leeway/core/gate/judge-calibration'
import { type GatePlan, planAt } from '@leeway/core/gate/plan'
import { type Predictions, summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type BettingProcess, playUntil, startBetting } from '@leeway/core/sequential/betting-process'

export type Cell = {
  readonly base: number
  readonly delta: number
  /** Share of episodes on which the judge is right; `adversarial`: it misses 8 of 10 failures of the candidate; null: none. */
  readonly judge: number | 'adversarial' | null
  /** Share of episodes that people label. */
  readonly budget: number
  /** Share of labels that never come, mostly of failures. */
  readonly missing: number
}

export const FAULTS = [
  'stake peeks at the label',
  'order of arrival',
  'restarts on failure',
  'wrong probability',
  'same imputation in both',
] as const
export type Fault = (typeof FAULTS)[number]

export type Tally = { runs: number; promoted: number; rolledBack: number }

const ALPHA = 0.05
const THRESHOLD = Math.log(1 / ALPHA)
const FLOOR = 0.05
const RESTART_BELOW = Math.log(0.3)
const LATE_PAIRS = 400

export function simulateCell(
  cell: Cell,
  size: { readonly runs: number; readonly pairs: number },
  seed: number,
  fault: Fault | null = null,
): Tally {
  const random = seededRandom(seed)
  const tally: Tally = { runs: size.runs, promoted: 0, rolledBack: 0 }
  for (let run = 0; run < size.runs; run++) {
    const end = playRun(cell, size.pairs, random, fault)
    if (end.promoted) tally.promoted += 1
    if (end.rolledBack) tally.rolledBack += 1
  }
  return tally
}

type Arm = 'candidate' | 'baseline'

/** One arm's audits: predictions are kept until a label teaches something, since nothing else changes them. */
type Auditing = {
  readonly learned: JudgeCalibration
  suspected: PredictedFailure | null
  unsuspected: PredictedFailure | null
  spreadSum: number
  episodes: number
}

type Run = {
  readonly cell: Cell
  readonly plan: GatePlan
  readonly auditing: Readonly<Record<Arm, Auditing>>
  promote: BettingProcess
  readonly rollback: BettingProcess
  promoted: boolean
  rolledBack: boolean
}

function playRun(cell: Cell, pairs: number, random: () => number, fault: Fault | null): Run {
  const run: Run = {
    cell,
    plan: planAt(cell.delta, { alpha: ALPHA }),
    auditing: { candidate: startAuditing(), baseline: startAuditing() },
    promote: startBetting(),
    rollback: startBetting(),
    promoted: false,
    rolledBack: false,
  }
  const late: PairedUnit[][] = []
  for (let pair = 0; pair < pairs && !(run.promoted && run.rolledBack); pair++) {
    const unit: PairedUnit = {
      design: 'paired',
      unit: 'u',
      candidate: drawLabel(run, 'candidate', random, fault),
      baseline: drawLabel(run, 'baseline', random, fault),
      probabilityMin: cell.judge === null ? 1 : FLOOR,
    }
    if (fault !== 'order of arrival') readUnit(run, unit, fault)
    else {
      const isLate = unit.candidate.kind === 'observed' && unit.candidate.failure === 1
      late.push(isLate ? [unit] : [])
      if (!isLate) readUnit(run, unit, fault)
      for (const arrived of late[pair - LATE_PAIRS] ?? []) readUnit(run, arrived, fault)
    }
  }
  return run
}

function readUnit(run: Run, unit: PairedUnit, fault: Fault | null): void {
  const predicted: Predictions = {
    candidate: predict(run.auditing.candidate, unit.candidate.judge),
    baseline: predict(run.auditing.baseline, unit.baseline.judge),
  }
  const up = summandOf(unit, predicted, 'promote')
  const lost = unit.candidate.kind === 'missing' || unit.baseline.kind === 'missing'
  // Without a missing label both claims read the same summand.
  const down = lost && fault !== 'same imputation in both' ? summandOf(unit, predicted, 'rollback') : up
  const { margin, harmMargin, betPrior } = run.plan
  const lossMax = fault === 'stake peeks at the label' ? Math.max(0.1, up.value - margin) : up.max - margin
  if (!run.promoted) run.promoted = playUntil(run.promote, margin - up.value, lossMax, betPrior, THRESHOLD)
  if (!run.rolledBack)
    run.rolledBack = playUntil(
      run.rollback,
      down.value - harmMargin,
      harmMargin - down.min,
      betPrior,
      THRESHOLD,
    )
  if (fault === 'restarts on failure' && run.promote.logPlugIn < RESTART_BELOW) run.promote = startBetting()
  learn(run.auditing.candidate, unit.candidate)
  learn(run.auditing.baseline, unit.baseline)
}

function predict(auditing: Auditing, judge: number | null): PredictedFailure {
  if (judge !== null && judge > 0.5) {
    auditing.suspected ??= predictFailure(auditing.learned, judge)
    return auditing.suspected
  }
  auditing.unsuspected ??= predictFailure(auditing.learned, judge)
  return auditing.unsuspected
}

function learn(auditing: Auditing, label: ArmLabel): void {
  // Without a judge every label is read as it is: a prediction would change nothing.
  if (label.kind !== 'observed' || label.probability === 1) return
  learnFailure(auditing.learned, label.judge, label.failure)
  auditing.suspected = null
  auditing.unsuspected = null
}

function drawLabel(run: Run, arm: Arm, random: () => number, fault: Fault | null): ArmLabel {
  const { base, delta, judge: accuracy, budget, missing } = run.cell
  const failure = random() < (arm === 'candidate' ? base + delta : base) ? 1 : 0
  if (accuracy === null) {
    const lost = missing > 0 && random() < (failure === 1 ? Math.min(1, 3 * missing) : missing * 0.6)
    return lost
      ? { kind: 'missing', probability: 1, judge: null }
      : { kind: 'observed', failure, probability: 1, judge: null }
  }
  const right = accuracy === 'adversarial' ? (arm === 'candidate' && failure === 1 ? 0.2 : 0.9) : accuracy
  const judge = (failure === 1) === random() < right ? 0.9 : 0.1
  const auditing = run.auditing[arm]
  const { value } = predict(auditing, judge)
  const spread = Math.sqrt(value * (1 - value))
  const probability = Math.min(1, Math.max(FLOOR, (budget * spread * auditing.episodes) / auditing.spreadSum))
  auditing.spreadSum += spread
  auditing.episodes += 1
  const hidden = fault === 'wrong probability' && arm === 'candidate' && failure === 1
  return random() < (hidden ? probability / 2 : probability)
    ? { kind: 'observed', failure, probability, judge }
    : { kind: 'unsampled', probability, judge }
}

function startAuditing(): Auditing {
  return { learned: startCalibration(), suspected: null, unsuspected: null, spreadSum: 0.3, episodes: 1 }
}
