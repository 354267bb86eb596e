/**
 * One stage of a ladder, played label by label until its gate decides or the traffic ends. Only what decides is
 * computed, the two e-processes; `simulated-stage.test.ts` shows that the whole check decides the same at the same unit.
 */
import type { Check } from '@leeway/core/gate/check'
import {
  learnFailure,
  type PredictedFailure,
  predictFailure,
  startCalibration,
} from '@leeway/core/gate/judge-calibration'
import type { GatePlan } from '@leeway/core/gate/plan'
import { summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { type BettingProcess, playUnit, startBetting } from '@leeway/core/sequential/betting-process'

export type Predict = (arm: 'candidate' | 'baseline', judge: number | null) => PredictedFailure

export function playStage(input: {
  readonly plan: GatePlan
  /** Draws the next unit; may audit by what the labels so far predict. No label may be missing. */
  readonly draw: (predict: Predict) => PairedUnit
  readonly unitsMax: number
  /** Predictions of somebody who knows the world; learned from the labels so far otherwise. */
  readonly known?: Predict
  /** Units that are counted before the first one of this stage; none, where evidence is kept by region. */
  readonly carried?: readonly PairedUnit[]
}): { readonly check: Pick<Check, 'verdict' | 'reason'>; readonly units: readonly PairedUnit[] } {
  const { plan, draw, unitsMax, known, carried = [] } = input
  const promote = startBetting()
  const rollback = startBetting()
  const learned = { candidate: startCalibration(), baseline: startCalibration() }
  const predict: Predict = known ?? ((arm, judge) => predictFailure(learned[arm], judge))
  const read = (unit: PairedUnit) => {
    const predicted = {
      candidate: predict('candidate', unit.candidate.judge),
      baseline: predict('baseline', unit.baseline.judge),
    }
    const { value, min, max } = summandOf(unit, predicted, 'promote')
    playUnit(promote, plan.margin - value, max - plan.margin, plan.betPrior)
    playUnit(rollback, value - plan.harmMargin, plan.harmMargin - min, plan.betPrior)
    for (const arm of ['candidate', 'baseline'] as const) {
      const label = unit[arm]
      if (label.kind === 'observed') learnFailure(learned[arm], label.judge, label.failure)
    }
  }
  for (const unit of carried) read(unit)
  const units: PairedUnit[] = []
  const decided = () => crossed(rollback, plan.rollbackAlpha) || crossed(promote, plan.alpha)
  while (units.length < unitsMax && !(promote.steps >= plan.unitsMin && decided())) {
    const unit = draw(predict)
    units.push(unit)
    read(unit)
  }
  return { check: verdictOf(promote, rollback, plan), units }
}

/** The label of an episode that fails with this rate and is audited with this probability. */
export function drawLabel(failureRate: number, probability: number, random: () => number): ArmLabel {
  const failure = random() < failureRate ? 1 : 0
  return random() < probability
    ? { kind: 'observed', failure, probability, judge: null }
    : { kind: 'unsampled', probability, judge: null }
}

function verdictOf(
  promote: BettingProcess,
  rollback: BettingProcess,
  plan: GatePlan,
): Pick<Check, 'verdict' | 'reason'> {
  if (crossed(rollback, plan.rollbackAlpha)) return { verdict: 'rollback', reason: 'worse-than-tolerated' }
  if (!crossed(promote, plan.alpha)) return { verdict: 'hold', reason: 'not-enough-evidence' }
  return promote.steps < plan.unitsMin
    ? { verdict: 'hold', reason: 'too-few-units' }
    : { verdict: 'promote', reason: 'no-worse-than-margin' }
}

function crossed(process: BettingProcess, alpha: number): boolean {
  return process.logWealthMax >= Math.log(1 / alpha)
}
