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
  'peeks at the label',
  'order of arrival',
  'restarts on failure',
  'wrong probability',
  'same imputation in both',
] as const
export type Fault = (typeof FAULTS)[number]

export type Tally = { runs: number; promoted: number; rolledBack: number }

const ALPHA = 0.05
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
    const end = new Run(cell, random, fault).play(size.pairs)
    if (end.promoted) tally.promoted += 1
    if (end.rolledBack) tally.rolledBack += 1
  }
  return tally
}

type Arm = 'candidate' | 'baseline'
const ARMS = ['candidate', 'baseline'] as const

/** Audits one arm: predictions are kept until a label teaches something, since nothing else changes them. */
type Auditing = {
  readonly learned: JudgeCalibration
  suspected: PredictedFailure | null
  unsuspected: PredictedFailure | null
  spreadSum: number
  episodes: number
}

class Run {
  readonly #cell: Cell
  readonly #random: () => number
  readonly #fault: Fault | null
  readonly #plan: GatePlan
  readonly #auditing: Record<Arm, Auditing>
  #promote: BettingProcess = startBetting()
  #rollback: BettingProcess = startBetting()
  #promoted = false
  #rolledBack = false

  constructor(cell: Cell, random: () => number, fault: Fault | null) {
    this.#cell = cell
    this.#random = random
    this.#fault = fault
    this.#plan = planAt(cell.delta, { alpha: ALPHA })
    this.#auditing = { candidate: startAuditing(), baseline: startAuditing() }
  }

  play(pairs: number): { readonly promoted: boolean; readonly rolledBack: boolean } {
    const late: PairedUnit[][] = Array.from({ length: this.#fault === 'order of arrival' ? pairs + LATE_PAIRS : 0 }, () => [])
    for (let pair = 0; pair < pairs && !(this.#promoted && this.#rolledBack); pair++) {
      const unit: PairedUnit = {
        design: 'paired',
        unit: 'u',
        candidate: this.#draw('candidate'),
        baseline: this.#draw('baseline'),
        probabilityMin: this.#cell.judge === null ? 1 : FLOOR,
      }
      if (this.#fault === 'order of arrival' && failed(unit.candidate)) late[pair + LATE_PAIRS]?.push(unit)
      else this.#read(unit)
      for (const arrived of late[pair] ?? []) this.#read(arrived)
    }
    return { promoted: this.#promoted, rolledBack: this.#rolledBack }
  }

  #read(unit: PairedUnit): void {
    if (this.#fault === 'peeks at the label') this.#learn(unit)
    const predicted = this.#predictions(unit)
    if (this.#fault !== 'peeks at the label') this.#learn(unit)
    const up = summandOf(unit, predicted, 'promote')
    const down = this.#fault === 'same imputation in both' ? up : summandOf(unit, predicted, 'rollback')
    const { margin, harmMargin, betPrior } = this.#plan
    const threshold = Math.log(1 / ALPHA)
    if (!this.#promoted)
      this.#promoted = playUntil(this.#promote, margin - up.value, up.max - margin, betPrior, threshold)
    if (!this.#rolledBack)
      this.#rolledBack = playUntil(this.#rollback, down.value - harmMargin, harmMargin - down.min, betPrior, threshold)
    if (this.#fault === 'restarts on failure' && this.#promote.logPlugIn < RESTART_BELOW) this.#promote = startBetting()
  }

  #predictions(unit: PairedUnit): Predictions {
    const peeking = this.#fault === 'peeks at the label'
    const of = (arm: Arm): PredictedFailure => {
      const predicted = this.#predict(arm, unit[arm].judge)
      const label = unit[arm]
      // The prediction of a labelled episode follows its own label: what "using the current label in f" comes to.
      return peeking && label.kind === 'observed' ? { ...predicted, value: label.failure } : predicted
    }
    return { candidate: of('candidate'), baseline: of('baseline') }
  }

  #predict(arm: Arm, judge: number | null): PredictedFailure {
    const auditing = this.#auditing[arm]
    if (judge !== null && judge > 0.5) {
      auditing.suspected ??= predictFailure(auditing.learned, judge)
      return auditing.suspected
    }
    auditing.unsuspected ??= predictFailure(auditing.learned, judge)
    return auditing.unsuspected
  }

  #learn(unit: PairedUnit): void {
    for (const arm of ARMS) {
      const label = unit[arm]
      if (label.kind !== 'observed') continue
      const auditing = this.#auditing[arm]
      learnFailure(auditing.learned, label.judge, label.failure)
      auditing.suspected = null
      auditing.unsuspected = null
    }
  }

  #draw(arm: Arm): ArmLabel {
    const { base, delta, judge: accuracy, budget, missing } = this.#cell
    const random = this.#random
    const failure = random() < (arm === 'candidate' ? base + delta : base) ? 1 : 0
    if (accuracy === null) {
      const lost = missing > 0 && random() < (failure === 1 ? Math.min(1, 3 * missing) : missing * 0.6)
      return lost
        ? { kind: 'missing', probability: 1, judge: null }
        : { kind: 'observed', failure, probability: 1, judge: null }
    }
    const right =
      accuracy === 'adversarial' ? (arm === 'candidate' && failure === 1 ? 0.2 : 0.9) : accuracy
    const judge = (failure === 1) === random() < right ? 0.9 : 0.1
    const auditing = this.#auditing[arm]
    const { value } = this.#predict(arm, judge)
    const spread = Math.sqrt(value * (1 - value))
    const probability = Math.min(1, Math.max(FLOOR, (budget * spread * auditing.episodes) / auditing.spreadSum))
    auditing.spreadSum += spread
    auditing.episodes += 1
    const drawn = this.#fault === 'wrong probability' && failure === 1 ? probability / 2 : probability
    return random() < drawn
      ? { kind: 'observed', failure, probability, judge }
      : { kind: 'unsampled', probability, judge }
  }
}

function startAuditing(): Auditing {
  return { learned: startCalibration(), suspected: null, unsuspected: null, spreadSum: 0.3, episodes: 1 }
}

function failed(label: ArmLabel): boolean {
  return label.kind === 'observed' && label.failure === 1
}
