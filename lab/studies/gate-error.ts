/**
 * Question  How often does the gate promote or roll back falsely, at the boundary, in every design?
 * World     Independent units. At the boundary the candidate fails exactly `margin` more often than the baseline. Labels
 *           of failing candidates go missing more often than those of passing ones, at the stated share over all. One world draws
 *           baseline (2 to 30 %), margin (2 to 8 points) and share missing (0 to 9 %) anew in each run.
 * Naive     A z test at 1.645 of the same plays, looked at after every 50. Oracle: alpha; a test that knows the law errs so often.
 * Answer    A table; each rate of the gate must stay at or below alpha up to its simulation error.
 * Loses     Units that come ten alike, such as those of one customer, and are played one by one instead of as one cluster.
 */
import { learnFailure, predictFailure, startCalibration } from '@leeway/core/gate/judge-calibration'
import { planAt } from '@leeway/core/gate/plan'
import { summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel, GateUnit } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { playUnit, startBetting } from '@leeway/core/sequential/betting-process'

const SEED = 20_260_101
const MARGIN = 0.05
const ALPHA = 0.05
const BASELINE_FAILURE = 0.15
const LOOK_EVERY = 50
/** One-sided 5 %. */
const Z = 1.645
const ALIKE = 10

type World = {
  readonly name: string
  /** What a run keeps for all its units; then each unit. */
  readonly start: (random: () => number) => { readonly margin: number; readonly draw: () => GateUnit }
}

export type ErrorRow = {
  readonly world: string
  readonly runs: number
  readonly units: number
  readonly falsePromotion: number
  readonly falseRollback: number
  readonly naivePromotion: number
}

export function gateError(size: { readonly runs: number; readonly units: number }): readonly ErrorRow[] {
  return WORLDS.map((world, index) => {
    const random = seededRandom(SEED + index)
    let promoted = 0
    let rolledBack = 0
    let naive = 0
    for (let run = 0; run < size.runs; run++) {
      const crossed = oneRun(world, size.units, random)
      if (crossed.promote) promoted += 1
      if (crossed.rollback) rolledBack += 1
      if (crossed.naive) naive += 1
    }
    return {
      world: world.name,
      ...size,
      falsePromotion: promoted / size.runs,
      falseRollback: rolledBack / size.runs,
      naivePromotion: naive / size.runs,
    }
  })
}

export function tableOf(rows: readonly ErrorRow[]): string {
  const percent = (rate: number) => `${(rate * 100).toFixed(2)} %`
  return [
    '| units | runs | length | false promotion | false rollback | false promotion, naive |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.world} | ${row.runs} | ${row.units} | ${percent(row.falsePromotion)} | ${percent(row.falseRollback)} | ${percent(row.naivePromotion)} |`,
    ),
  ].join('\n')
}

/** Both claims are false together only at harmMargin = margin, where the difference equals it: one world tests both. */
function oneRun(world: World, units: number, random: () => number) {
  const { margin, draw } = world.start(random)
  const plan = planAt(margin, { alpha: ALPHA })
  const looks = { sum: 0, squares: 0, crossed: false }
  const promote = startBetting()
  const rollback = startBetting()
  const learned = { candidate: startCalibration(), baseline: startCalibration() }
  for (let n = 0; n < units; n++) {
    const unit = draw()
    const labels: Partial<Record<'candidate' | 'baseline', ArmLabel>> =
      unit.design === 'paired'
        ? { candidate: unit.candidate, baseline: unit.baseline }
        : { [unit.arm]: unit.label }
    const predicted = {
      candidate: predictFailure(learned.candidate, labels.candidate?.judge ?? null),
      baseline: predictFailure(learned.baseline, labels.baseline?.judge ?? null),
    }
    const up = summandOf(unit, predicted, 'promote')
    const down = summandOf(unit, predicted, 'rollback')
    playUnit(promote, plan.margin - up.value, up.max - plan.margin, plan.betPrior)
    look(looks, n + 1, plan.margin - up.value)
    playUnit(rollback, down.value - plan.harmMargin, plan.harmMargin - down.min, plan.betPrior)
    for (const arm of ['candidate', 'baseline'] as const) {
      const label = labels[arm]
      if (label?.kind === 'observed') learnFailure(learned[arm], label.judge, label.failure)
    }
  }
  const threshold = Math.log(1 / ALPHA)
  return {
    promote: promote.logWealthMax >= threshold,
    rollback: rollback.logWealthMax >= threshold,
    naive: looks.crossed,
  }
}

/** As one tests who has learned to test once: the mean of all so far against its standard error, now and then. */
function look(looks: { sum: number; squares: number; crossed: boolean }, n: number, play: number): void {
  looks.sum += play
  looks.squares += play ** 2
  if (n % LOOK_EVERY !== 0) return
  const mean = looks.sum / n
  const variance = looks.squares / n - mean ** 2
  if (variance > 0 && mean / Math.sqrt(variance / n) > Z) looks.crossed = true
}

const CANDIDATE_FAILURE = BASELINE_FAILURE + MARGIN
const failed = (rate: number, random: () => number) => (random() < rate ? 1 : 0)

const alike = (name: string, draw: (random: () => number) => GateUnit): World => ({
  name,
  start: (random) => ({ margin: MARGIN, draw: () => draw(random) }),
})

const WORLDS: readonly World[] = [
  ...[0, 0.02, 0.05, 0.09].map((share) =>
    alike(`paired, ${share * 100} % of labels missing`, (random) =>
      paired(BASELINE_FAILURE, MARGIN, share, random),
    ),
  ),
  alike('routed one in four, all labelled', (random) => routed(0.25, 1, 1, random)),
  alike('routed evenly, candidate audited at 10 %, baseline at 100 %', (random) =>
    routed(0.5, 0.1, 1, random),
  ),
  alike('active, judge right 9 times in 10', (random) => judged(0.9, 0.5, 0.15, random)),
  alike('active, useless judge', (random) => judged(0.1, 0.5, 0.15, random)),
  alike('active, candidate hides its failures from the judge', (random) => judged(0.02, 0.5, 0.15, random)),
  alike('active, what the judge calls harmless is audited more often', (random) =>
    judged(0.9, 0.15, 1, random),
  ),
  {
    name: 'paired, drawn in each run',
    start: (random) => {
      const baseline = 0.02 + 0.28 * random()
      const margin = 0.02 + 0.06 * random()
      const share = 0.09 * random()
      return { margin, draw: () => paired(baseline, margin, share, random) }
    },
  },
  {
    name: 'paired, ten alike, played one by one',
    start: (random) => {
      let [unit, left] = [paired(BASELINE_FAILURE, MARGIN, 0, random), ALIKE]
      return {
        margin: MARGIN,
        draw: () => {
          if (left === 0) [unit, left] = [paired(BASELINE_FAILURE, MARGIN, 0, random), ALIKE]
          left -= 1
          return unit
        },
      }
    },
  },
]

function paired(baseline: number, margin: number, missing: number, random: () => number): GateUnit {
  return {
    design: 'paired',
    unit: 'u',
    candidate: mayBeMissing(failed(baseline + margin, random), missing, random),
    baseline: mayBeMissing(failed(baseline, random), missing, random),
  }
}

/** Failing labels go missing five times as often as passing ones; over both the share is about the stated one. */
function mayBeMissing(failure: number, share: number, random: () => number): ArmLabel {
  const lost = random() < (failure === 1 ? Math.min(1, 3 * share) : share * 0.6)
  return lost
    ? { kind: 'missing', probability: 1, judge: null }
    : { kind: 'observed', failure, probability: 1, judge: null }
}

function routed(
  propensity: number,
  candidateAudit: number,
  baselineAudit: number,
  random: () => number,
): GateUnit {
  const arm = random() < propensity ? 'candidate' : 'baseline'
  const probability = arm === 'candidate' ? candidateAudit : baselineAudit
  const failure = failed(arm === 'candidate' ? CANDIDATE_FAILURE : BASELINE_FAILURE, random)
  const label = audit(failure, probability, null, random)
  const probabilityMin = Math.min(candidateAudit, baselineAudit)
  return { design: 'routed', unit: 'u', arm, propensity, probabilityMin, label }
}

/** The judge suspects one passing episode in ten; of failing ones the stated share, and 9 in 10 of the baseline's. */
function judged(
  candidateSensitivity: number,
  ifSuspected: number,
  ifNot: number,
  random: () => number,
): GateUnit {
  const arm = (rate: number, found: number): ArmLabel => {
    const failure = failed(rate, random)
    const suspected = random() < (failure === 1 ? found : 0.1)
    return audit(failure, suspected ? ifSuspected : ifNot, suspected ? 0.9 : 0.1, random)
  }
  return {
    design: 'paired',
    unit: 'u',
    candidate: arm(CANDIDATE_FAILURE, candidateSensitivity),
    baseline: arm(BASELINE_FAILURE, 0.9),
    probabilityMin: Math.min(ifSuspected, ifNot),
  }
}

function audit(failure: number, probability: number, judge: number | null, random: () => number): ArmLabel {
  return random() < probability
    ? { kind: 'observed', failure, probability, judge }
    : { kind: 'unsampled', probability, judge }
}
