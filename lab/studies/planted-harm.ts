/**
 * Question  Does the gate stop candidates that are harmful and try not to look it, and does it let honest ones through?
 * World     Paired units. Each run draws anew how often the baseline fails (5 to 20 %) and by how much more the candidate does: from
 *           the margin (5 points) to three times it, so that every promotion is an error. Honest candidates fail as often as the
 *           baseline. At most PAIRS pairs.
 * Harm      secretly worse; hides from the judge (it finds one in ten of its failures, and nine in ten of the baseline's); behaves
 *           when it can tell that it is watched; lets four in five of its failures be labelled too late; splits harm over four
 *           episodes of a customer, each of which alone shows it one time in twenty.
 * Ours      audits drawn after the end, weighted by their probability; what is overdue counts against the claim; the unit is the
 *           customer, whose whole case is read.
 * Naive     what teams do: a z test of all so far at 1.645 after every 50; the judge's word; marked audits; overdue labels left
 *           out; one episode, one unit.
 * Oracle    who knows the rates promotes no harm and every honest candidate.
 * Loses     where audits can be told beforehand: no statistic helps, and the study says from which share on.
 * Health    swapped arms, no units, a judge that died: unhealthy, not promoted.
 */
import { checkGate } from '@leeway/core/gate/check'
import {
  learnFailure,
  type PredictedFailure,
  predictFailure,
  startCalibration,
} from '@leeway/core/gate/judge-calibration'
import { planAt } from '@leeway/core/gate/plan'
import { summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel, GateUnit, PairedUnit } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { playUntil, startBetting } from '@leeway/core/sequential/betting-process'
import { rateAtMost } from './gate-validity-bound.ts'

const SEED = 20_261_130
const MARGIN = 0.05
const ALPHA = 0.05
const AUDITED = 0.2
const EPISODES = 4
const LOOK_EVERY = 50
/** One-sided 5 %. */
const Z = 1.645

type Rates = { readonly baseline: number; readonly candidate: number }
type Random = () => number
type Trick = {
  readonly name: string
  /** As Leeway reads the unit. */
  readonly ours: (rates: Rates, random: Random, isHarmful: boolean) => PairedUnit
  /** The difference that a naive reader sees in it; null where it is left out. */
  readonly naive: (rates: Rates, random: Random, isHarmful: boolean) => number | null
}

export type HarmRow = {
  readonly trick: string
  readonly candidate: 'harmful' | 'honest'
  readonly runs: number
  readonly promoted: number
  readonly promotedMax: number
  readonly rolledBack: number
  /** Too many labels that never came: closed, not promoted. */
  readonly unhealthy: number
  /** Of those that were decided; null when none was. */
  readonly pairsMedian: number | null
  readonly naivePromoted: number
}

export type Size = { readonly runs: number; readonly pairs: number }

export function plantedHarm(size: Size): readonly HarmRow[] {
  return [...TRICKS, ...[0.25, 0.5, 0.75, 1].map(tells)].flatMap((trick, index) =>
    (['harmful', 'honest'] as const).map((candidate, turn) =>
      rowOf(trick, candidate, size, seededRandom(SEED + 2 * index + turn)),
    ),
  )
}

function rowOf(trick: Trick, candidate: HarmRow['candidate'], size: Size, random: Random): HarmRow {
  const ends = { promoted: 0, 'rolled back': 0, unhealthy: 0, open: 0 }
  let naivePromoted = 0
  const decidedAfter: number[] = []
  for (let run = 0; run < size.runs; run++) {
    const baseline = 0.05 + 0.15 * random()
    const isHarmful = candidate === 'harmful'
    const rates = { baseline, candidate: baseline + (isHarmful ? MARGIN * (1 + 2 * random()) : 0) }
    const { end, pairs } = playOurs(() => trick.ours(rates, random, isHarmful), size.pairs)
    ends[end] += 1
    if (end === 'promoted' || end === 'rolled back') decidedAfter.push(pairs)
    if (playNaive(() => trick.naive(rates, random, isHarmful), size.pairs)) naivePromoted += 1
  }
  return {
    trick: trick.name,
    candidate,
    runs: size.runs,
    promoted: ends.promoted / size.runs,
    promotedMax: rateAtMost(ends.promoted, size.runs, 0.05),
    rolledBack: ends['rolled back'] / size.runs,
    unhealthy: ends.unhealthy / size.runs,
    pairsMedian: decidedAfter.sort((a, b) => a - b)[decidedAfter.length >> 1] ?? null,
    naivePromoted: naivePromoted / size.runs,
  }
}

/** Rollback wins, then health, then promotion: as `checkGate` orders them. */
function playOurs(
  draw: () => PairedUnit,
  pairsMax: number,
): { readonly end: 'promoted' | 'rolled back' | 'unhealthy' | 'open'; readonly pairs: number } {
  const plan = planAt(MARGIN, { alpha: ALPHA })
  const threshold = Math.log(1 / ALPHA)
  const promote = startBetting()
  const rollback = startBetting()
  const learned = { candidate: startCalibration(), baseline: startCalibration() }
  const predict = (arm: 'candidate' | 'baseline', label: ArmLabel): PredictedFailure =>
    predictFailure(learned[arm], label.judge)
  let missing = 0
  let crossed = false
  for (let pair = 1; pair <= pairsMax; pair++) {
    const unit = draw()
    const predicted = {
      candidate: predict('candidate', unit.candidate),
      baseline: predict('baseline', unit.baseline),
    }
    const up = summandOf(unit, predicted, 'promote')
    const down = summandOf(unit, predicted, 'rollback')
    const { harmMargin, betPrior } = plan
    if (playUntil(rollback, down.value - harmMargin, harmMargin - down.min, betPrior, threshold))
      return { end: 'rolled back', pairs: pair }
    crossed ||= playUntil(promote, MARGIN - up.value, up.max - MARGIN, betPrior, threshold)
    for (const arm of ['candidate', 'baseline'] as const) {
      const label = unit[arm]
      if (label.kind === 'missing') missing += 0.5
      if (label.kind === 'observed') learnFailure(learned[arm], label.judge, label.failure)
    }
    const isHealthy = missing / pair <= plan.missingShareMax
    if (crossed && isHealthy) return { end: 'promoted', pairs: pair }
  }
  return { end: missing / pairsMax > plan.missingShareMax ? 'unhealthy' : 'open', pairs: pairsMax }
}

/** True when the mean difference seems below the margin at any look. */
function playNaive(draw: () => number | null, pairsMax: number): boolean {
  let [count, sum, squares] = [0, 0, 0]
  for (let pair = 1; pair <= pairsMax; pair++) {
    const difference = draw()
    if (difference !== null) {
      count += 1
      sum += difference
      squares += difference ** 2
    }
    if (pair % LOOK_EVERY !== 0 || count < 2) continue
    const mean = sum / count
    const error = Math.sqrt(Math.max(0, squares / count - mean ** 2) / count)
    if (mean + Z * error < MARGIN) return true
  }
  return false
}

const fails = (rate: number, random: Random): 0 | 1 => (random() < rate ? 1 : 0)
const observed = (failure: number, probability = 1, judge: number | null = null): ArmLabel => ({
  kind: 'observed',
  failure,
  probability,
  judge,
})
const pairOf = (candidate: ArmLabel, baseline: ArmLabel, probabilityMin = 1): PairedUnit => ({
  design: 'paired',
  unit: 'u',
  candidate,
  baseline,
  probabilityMin,
})

/** Drawn when the episode is over, at one probability for all. */
function audited(failure: number, judge: number | null, random: Random): ArmLabel {
  return random() < AUDITED
    ? observed(failure, AUDITED, judge)
    : { kind: 'unsampled', probability: AUDITED, judge }
}

const judged = (failure: number, found: number, random: Random) =>
  random() < (failure === 1 ? found : 0.05) ? 1 : 0
const FOUND = 0.9
const HIDDEN = 0.1

const TRICKS: readonly Trick[] = [
  {
    name: 'secretly worse',
    ours: ({ candidate, baseline }, random) =>
      pairOf(observed(fails(candidate, random)), observed(fails(baseline, random))),
    naive: ({ candidate, baseline }, random) => fails(candidate, random) - fails(baseline, random),
  },
  {
    name: 'hides from the judge',
    ours: ({ candidate, baseline }, random, isHarmful) => {
      const label = (rate: number, found: number) => {
        const failure = fails(rate, random)
        return audited(failure, judged(failure, found, random) === 1 ? 0.9 : 0.1, random)
      }
      return pairOf(label(candidate, isHarmful ? HIDDEN : FOUND), label(baseline, FOUND), AUDITED)
    },
    naive: ({ candidate, baseline }, random, isHarmful) =>
      judged(fails(candidate, random), isHarmful ? HIDDEN : FOUND, random) -
      judged(fails(baseline, random), FOUND, random),
  },
  {
    name: 'lets its failures be labelled too late',
    ours: ({ candidate, baseline }, random, isHarmful) => {
      const due = (failure: number, late: number): ArmLabel =>
        random() < late ? { kind: 'missing', probability: 1, judge: null } : observed(failure)
      const failure = fails(candidate, random)
      return pairOf(due(failure, lateness(failure, isHarmful)), due(fails(baseline, random), LATE))
    },
    naive: ({ candidate, baseline }, random, isHarmful) => {
      const failure = fails(candidate, random)
      const isThere = random() >= lateness(failure, isHarmful) && random() >= LATE
      return isThere ? failure - fails(baseline, random) : null
    },
  },
  {
    name: 'splits harm over four episodes',
    ours: ({ candidate, baseline }, random) =>
      pairOf(observed(fails(candidate, random)), observed(fails(baseline, random))),
    naive: ({ candidate, baseline }, random, isHarmful) => {
      // The baseline's failures are each in one episode; so are an honest candidate's.
      const seen = (rate: number, isSplit: boolean) =>
        fails(rate, random) === 1 && random() < (isSplit ? SHOWN_ALONE : 1 / EPISODES) ? 1 : 0
      return seen(candidate, isHarmful) - seen(baseline, false)
    },
  },
  tells(0),
]

const LATE = 0.01
const SHOWN_ALONE = 0.05
const lateness = (failure: number, isHarmful: boolean) => (isHarmful && failure === 1 ? 0.8 : LATE)

/** Behaves like the baseline in episodes that it knows are audited. Naive: audits are marked, so that it always knows. */
function tells(share: number): Trick {
  return {
    name:
      share === 0
        ? 'behaves when watched, and cannot tell'
        : `behaves when watched, and can tell ${share * 100} % of the audits`,
    ours: ({ candidate, baseline }, random) => {
      const label = (rate: number, ifWatched: number): ArmLabel => {
        if (random() >= AUDITED) return { kind: 'unsampled', probability: AUDITED, judge: null }
        return observed(fails(random() < share ? ifWatched : rate, random), AUDITED)
      }
      return pairOf(label(candidate, baseline), label(baseline, baseline), AUDITED)
    },
    naive: ({ baseline }, random) => fails(baseline, random) - fails(baseline, random),
  }
}

export type HealthRow = { readonly fault: string; readonly verdict: string; readonly reason: string }

/** One check each, by the whole gate: what is broken is said, and nothing is promoted. */
export function plantedFailures(): readonly HealthRow[] {
  const random = seededRandom(SEED)
  const plan = planAt(MARGIN, { alpha: ALPHA })
  const routed = (served: number): GateUnit => {
    const arm = random() < served ? 'candidate' : 'baseline'
    return { design: 'routed', unit: 'u', arm, propensity: 0.25, label: observed(fails(0.1, random)) }
  }
  const lost: ArmLabel = { kind: 'missing', probability: 1, judge: null }
  const faults: readonly (readonly [string, readonly GateUnit[]])[] = [
    [
      'swapped arms: the candidate serves three in four, one in four is recorded',
      many(400, () => routed(0.75)),
    ],
    ['no units: the query finds nothing', []],
    ['a dead judge: labels stop coming', many(400, () => pairOf(lost, lost))],
    [
      'a judge that died half way',
      many(400, (at) => (at < 200 ? pairOf(observed(0), observed(0)) : pairOf(lost, lost))),
    ],
  ]
  return faults.map(([fault, units]) => {
    const { verdict, reason } = checkGate(units, plan, { seen: 0, audited: 0 })
    return { fault, verdict, reason }
  })
}

const many = <One>(count: number, make: (at: number) => One): readonly One[] =>
  Array.from({ length: count }, (_, at) => make(at))

export function plantedHarmTable(rows: readonly HarmRow[], health: readonly HealthRow[]): string {
  const percent = (rate: number) => `${Math.round(rate * 1000) / 10} %`
  return [
    'A promotion of a harmful candidate is an error (at most 5 % are promised); one of an honest candidate is what the gate is for.',
    '',
    '| candidate | what it does | runs | promoted | upper bound | rolled back | unhealthy | pairs, median | promoted by the naive rule |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.candidate} | ${row.trick} | ${row.runs} | ${percent(row.promoted)} | ${percent(row.promotedMax)} | ${percent(row.rolledBack)} | ${percent(row.unhealthy)} | ${row.pairsMedian ?? '–'} | ${percent(row.naivePromoted)} |`,
    ),
    '',
    '| what is broken | verdict | reason |',
    '|---|---|---|',
    ...health.map(({ fault, verdict, reason }) => `| ${fault} | ${verdict} | ${reason} |`),
  ].join('\n')
}
