/**
 * Reads units in selection order and keeps the evidence: two e-processes, bounds of the difference, counts.
 *
 * Estimates   difference = failure rate of the candidate minus that of the baseline, in [-1, 1].
 * Tests       promote refutes "difference >= margin"; rollback refutes "difference <= harmMargin". One error of
 *             at most alpha each, at every look, for any judge and any stopping.
 * Assumes     units come in the order of selection; `probability` and `propensity` are those really used.
 * Degenerate  no units: e-values 1, bounds [-1, 1], estimate null.
 * Cost        O(grid values not yet refuted) per unit.
 * Source      docs/methods/gate.md.
 */
import { type BettingProcess, playUnit, startBetting } from '../sequential/betting-process.ts'
import { boundUnit, type MeanBounds, readBounds, startMeanBounds } from '../sequential/mean-bounds.ts'
import { clustersOf, meanSummand } from './clusters.ts'
import {
  asIdentical,
  type IdenticalReport,
  type IdenticalTally,
  identicalReport,
  learnIdentical,
} from './identical-pairs.ts'
import { type JudgeCalibration, learnFailure, predictFailure, startCalibration } from './judge-calibration.ts'
import { alphaOfDifference, type Grids, type LabelErrorReport, labelErrorReport } from './label-error.ts'
import { playGrid, startMarginGrid } from './margin-grid.ts'
import type { GatePlan } from './plan.ts'
import { learnReaudit, predictTruth, startReaudits } from './reaudit-tally.ts'
import { reauditedSummandOf } from './reaudited-summand.ts'
import { weighStratum } from './strata.ts'
import { type Claim, summandOf } from './summand.ts'
import type { ArmLabel, GateUnit } from './unit.ts'

/** The state after one unit, for charts. */
export type EvidencePoint = {
  /** Units read so far, from 1. */
  readonly n: number
  readonly unit: string
  readonly estimate: number
  readonly low: number
  readonly high: number
  readonly logPromote: number
  readonly logRollback: number
}

export type Evidence = {
  readonly units: number
  /** Labels that came in, both arms. */
  readonly labels: number
  readonly missing: number
  /** Missing share of the labels that were asked for; 0 when none was. */
  readonly missingShare: number
  readonly candidateUnits: number
  readonly baselineUnits: number
  /** Observed failure rate per arm; null when nothing was observed. */
  readonly candidateFailure: number | null
  readonly baselineFailure: number | null
  /** Mean of the summands that treat missing labels evenly; null without units. */
  readonly estimate: number | null
  readonly low: number
  readonly high: number
  readonly logPromote: number
  readonly logPromoteMax: number
  readonly logRollback: number
  readonly logRollbackMax: number
  /**
   * Units read when each first reached 1/alpha; null when it has not. Where labels may err, promotion counts at the margin
   * in force.
   */
  readonly promoteCrossedAt: number | null
  readonly rollbackCrossedAt: number | null
  /** Share of units on which the two arms differed; null without paired units. */
  readonly discordance: number | null
  /** Variance of one summand; null with fewer than two units. */
  readonly summandVariance: number | null
  readonly path: readonly EvidencePoint[]
  /** What errors of the labels do to the decision. */
  readonly labelError: LabelErrorReport
  /** Pairs called identical, and whether checks of them bear that out; null where there were none. */
  readonly identical: IdenticalReport | null
}

export function gatherEvidence(units: Iterable<GateUnit>, plan: GatePlan): Evidence {
  const gathering = startEvidence(plan)
  for (const cluster of clustersOf(units)) addCluster(gathering, cluster)
  return readEvidence(gathering)
}

type Gathering = {
  readonly plan: GatePlan
  readonly promote: BettingProcess
  readonly rollback: BettingProcess
  readonly bounds: MeanBounds
  readonly calibration: { readonly candidate: JudgeCalibration; readonly baseline: JudgeCalibration }
  readonly path: EvidencePoint[]
  readonly seen: { candidate: ArmTally; baseline: ArmTally }
  /** Kept only where the plan says that labels may err. */
  readonly grids: Grids | null
  readonly identical: IdenticalTally
  paired: number
  discordant: number
  valueSum: number
  valueSquares: number
  promoteCrossedAt: number | null
  rollbackCrossedAt: number | null
}

type ArmTally = { units: number; labels: number; failures: number; missing: number }

function startEvidence(plan: GatePlan): Gathering {
  const tally = (): ArmTally => ({ units: 0, labels: 0, failures: 0, missing: 0 })
  return {
    plan,
    promote: startBetting(),
    rollback: startBetting(),
    bounds: startMeanBounds({ upper: plan.alpha, lower: plan.rollbackAlpha }),
    calibration: { candidate: startCalibration(), baseline: startCalibration() },
    path: [],
    seen: { candidate: tally(), baseline: tally() },
    grids: plan.labelError
      ? {
          deciding: startMarginGrid(plan.margin, alphaOfDifference(plan)),
          labels: startMarginGrid(plan.margin, alphaOfDifference(plan)),
          reaudits: { candidate: startReaudits(), baseline: startReaudits() },
        }
      : null,
    identical: { pairs: 0, checked: 0, differed: 0 },
    paired: 0,
    discordant: 0,
    valueSum: 0,
    valueSquares: 0,
    promoteCrossedAt: null,
    rollbackCrossedAt: null,
  }
}

/** Units of one cluster, or a single unit: one play of every process. */
function addCluster(gathering: Gathering, cluster: readonly GateUnit[]): void {
  const { plan, promote, rollback, calibration, grids } = gathering
  const forPromote = meanSummand(cluster.map((unit) => summandIn(gathering, unit, 'promote', true)))
  const forRollback = meanSummand(cluster.map((unit) => summandIn(gathering, unit, 'rollback', true)))

  playUnit(promote, plan.margin - forPromote.value, forPromote.max - plan.margin, plan.betPrior)
  playUnit(rollback, forRollback.value - plan.harmMargin, plan.harmMargin - forRollback.min, plan.betPrior)
  boundUnit(gathering.bounds, forPromote, forRollback, plan.betPrior)
  if (promote.logWealthMax >= Math.log(1 / plan.alpha)) gathering.promoteCrossedAt ??= promote.steps
  if (rollback.logWealthMax >= Math.log(1 / plan.rollbackAlpha))
    gathering.rollbackCrossedAt ??= rollback.steps

  if (grids) {
    playGrid(grids.deciding, forPromote, plan.betPrior)
    const labels = meanSummand(cluster.map((unit) => summandIn(gathering, unit, 'promote', false)))
    playGrid(grids.labels, labels, plan.betPrior)
  }

  const value = (forPromote.value + forRollback.value) / 2
  gathering.valueSum += value
  gathering.valueSquares += value * value
  if (cluster[0]?.design === 'paired') {
    gathering.paired += 1
    if (value !== 0) gathering.discordant += 1
  }
  for (const unit of cluster) {
    if (unit.design === 'paired' && unit.identical) learnIdentical(gathering.identical, unit)
    const arms = labelsOf(unit)
    for (const arm of ['candidate', 'baseline'] as const) {
      const label = arms[arm]
      if (!label) continue
      learn(gathering.seen[arm], calibration[arm], label)
      if (grids) learnReaudit(grids.reaudits[arm], label)
    }
  }
  gathering.path.push({
    n: promote.steps,
    unit: cluster[0]?.unit ?? '',
    estimate: gathering.valueSum / promote.steps,
    ...readBounds(gathering.bounds),
    logPromote: promote.logWealth,
    logRollback: rollback.logWealth,
  })
}

/** `corrected`: by what experts found when they looked again, where the plan says so. */
function summandIn(gathering: Gathering, read: GateUnit, claim: Claim, corrected: boolean) {
  const { plan, calibration, grids } = gathering
  const unit = read.design === 'paired' && read.identical ? asIdentical(read) : read
  const arms = labelsOf(unit)
  const audits = unit.design === 'paired' ? unit.probabilities : undefined
  const predicted = {
    candidate: predictFailure(calibration.candidate, arms.candidate?.judge ?? null, audits?.candidate),
    baseline: predictFailure(calibration.baseline, arms.baseline?.judge ?? null, audits?.baseline),
  }
  const summand =
    corrected && grids && plan.labelError?.kind === 'differential'
      ? reauditedSummandOf(
          unit,
          predicted,
          {
            candidate: predictTruth(grids.reaudits.candidate),
            baseline: predictTruth(grids.reaudits.baseline),
          },
          plan.labelError.floor,
          claim,
        )
      : summandOf(unit, predicted, claim)
  return plan.strata
    ? weighStratum(summand, unit.design === 'paired' ? unit.stratum : undefined, plan.strata)
    : summand
}

function readEvidence(gathering: Gathering): Evidence {
  const { promote, rollback, seen } = gathering
  const units = promote.steps
  const missing = seen.candidate.missing + seen.baseline.missing
  const labels = seen.candidate.labels + seen.baseline.labels
  const asked = missing + labels
  const bounds = readBounds(gathering.bounds)
  const identical = identicalReport(gathering.identical, gathering.plan.alpha)
  const labelError = labelErrorReport(gathering.plan, {
    grids: gathering.grids,
    high: bounds.high,
    promoteCrossedAt: gathering.promoteCrossedAt,
    baselineFailure: rateOf(seen.baseline),
  })
  return {
    units,
    labels,
    missing,
    missingShare: asked === 0 ? 0 : missing / asked,
    candidateUnits: seen.candidate.units,
    baselineUnits: seen.baseline.units,
    candidateFailure: rateOf(seen.candidate),
    baselineFailure: rateOf(seen.baseline),
    estimate: units === 0 ? null : gathering.valueSum / units,
    ...bounds,
    logPromote: promote.logWealth,
    logPromoteMax: promote.logWealthMax,
    logRollback: rollback.logWealth,
    logRollbackMax: rollback.logWealthMax,
    promoteCrossedAt: identical?.broken ? null : labelError.promoteCrossedAt,
    rollbackCrossedAt: gathering.rollbackCrossedAt,
    discordance: gathering.paired === 0 ? null : gathering.discordant / gathering.paired,
    summandVariance:
      units < 2
        ? null
        : Math.max(0, (gathering.valueSquares - gathering.valueSum ** 2 / units) / (units - 1)),
    path: gathering.path,
    labelError,
    identical,
  }
}

function labelsOf(unit: GateUnit): {
  readonly candidate: ArmLabel | null
  readonly baseline: ArmLabel | null
} {
  if (unit.design === 'paired') return { candidate: unit.candidate, baseline: unit.baseline }
  return unit.arm === 'candidate'
    ? { candidate: unit.label, baseline: null }
    : { candidate: null, baseline: unit.label }
}

function learn(tally: ArmTally, calibration: JudgeCalibration, label: ArmLabel): void {
  tally.units += 1
  if (label.kind === 'missing') tally.missing += 1
  if (label.kind !== 'observed') return
  tally.labels += 1
  tally.failures += label.failure
  learnFailure(calibration, label.judge, label.failure)
}

function rateOf(tally: ArmTally): number | null {
  return tally.labels === 0 ? null : tally.failures / tally.labels
}
