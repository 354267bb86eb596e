/**
 * Question  How many labels does a promotion take, and what does a judge save?
 * World     Independent pairs, margin 3 points, alpha 5 %; the baseline fails on 10 %, the candidate on 10, 7 or 5 %. With
 *           a judge that is right in 70, 80 or 90 % of the episodes, an episode is audited with a probability in
 *           proportion to sqrt(f (1 - f)), f the failure predicted from earlier labels: 10 % on average, 5 % at least.
 * Oracle    The same gate told the law beforehand: how often a failure hides behind each score, and the bet that fits it.
 * Naive     People label every episode.
 * Loses     A judge right in 70 %: to label all takes no more labels, and far fewer pairs.
 * Answer    Median and 90th percentile of labels until promotion over both arms, and the pairs of episodes they took.
 *           Runs that do not end count as longer than all others.
 */
import type { PredictedFailure } from '@leeway/core/gate/judge-calibration'
import { planAt } from '@leeway/core/gate/plan'
import type { ArmLabel } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { fittedPrior } from '@leeway/core/planner/forecast'
import { summandLaw } from '@leeway/core/planner/summand-law'
import type { BetPrior } from '@leeway/core/sequential/betting-process'
import { drawLabel, type Predict, playStage } from './simulated-stage.ts'

const SEED = 20_260_401
const MARGIN = 0.03
const BASELINE_FAILURE = 0.1
const CANDIDATE_FAILURES = [0.1, 0.07, 0.05] as const
/** Share of episodes on which the judge is right; null: people label everything. */
const JUDGES = [null, 0.7, 0.8, 0.9] as const
const BUDGET = 0.1
const FLOOR = 0.05
const PAIRS_MAX = 30_000
/**
 * Medians of labels measured by an earlier program of ours before this gate was written: golden numbers for "no judge".
 * With a judge it staked more, because its bound knew how often each score is audited; ours knows only the floor.
 */
const EARLIER: Readonly<Record<number, readonly number[]>> = {
  0.1: [2294, 2258, 1992, 950],
  0.07: [555, 419, 351, 274],
  0.05: [363, 228, 205, 177],
}

export type LabelsRow = {
  readonly candidateFailure: number
  readonly judge: (typeof JUDGES)[number]
  readonly runs: number
  readonly promoted: number
  /** null when more than that share of the runs did not end. */
  readonly labelsMedian: number | null
  readonly labelsMost: number | null
  readonly pairsMedian: number | null
  /** Of the oracle. */
  readonly oracleMedian: number | null
}
type World = Pick<LabelsRow, 'candidateFailure' | 'judge'>

export function labelsToPromote(
  runs: { readonly human: number; readonly active: number },
  only: (row: World) => boolean = () => true,
): readonly LabelsRow[] {
  return CANDIDATE_FAILURES.flatMap((candidateFailure) =>
    JUDGES.map((judge) => ({ candidateFailure, judge })),
  ).flatMap((cell, index) =>
    only(cell) ? [oneCell(cell, cell.judge === null ? runs.human : runs.active, SEED + index)] : [],
  )
}

export function labelsTable(rows: readonly LabelsRow[]): string {
  const percent = (rate: number) => `${Math.round(rate * 100)} %`
  return [
    '| candidate fails on | judge right in | runs | promoted | labels, median | measured earlier | labels, 90th percentile | pairs, median | labels, median: oracle |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${percent(row.candidateFailure)} | ${row.judge === null ? 'no judge' : percent(row.judge)} | ${row.runs} | ${percent(row.promoted / row.runs)} | ${row.labelsMedian ?? '–'} | ${EARLIER[row.candidateFailure]?.[JUDGES.indexOf(row.judge)] ?? '–'} | ${row.labelsMost ?? '–'} | ${row.pairsMedian ?? '–'} | ${row.oracleMedian ?? '–'} |`,
    ),
  ].join('\n')
}

function oneCell(cell: World, runs: number, seed: number): LabelsRow {
  const ends = playRuns(cell, null, runs, seed)
  const told = playRuns(cell, lawOf(cell), runs, seed)
  return {
    ...cell,
    runs,
    promoted: ends.filter(({ labels }) => labels < Number.POSITIVE_INFINITY).length,
    labelsMedian: at(ends, 0.5, ({ labels }) => labels),
    labelsMost: at(ends, 0.9, ({ labels }) => labels),
    pairsMedian: at(ends, 0.5, ({ pairs }) => pairs),
    oracleMedian: at(told, 0.5, ({ labels }) => labels),
  }
}

type End = { readonly labels: number; readonly pairs: number }

function at(ends: readonly End[], share: number, of: (end: End) => number): number | null {
  const value = ends.map(of).sort((a, b) => a - b)[Math.floor(share * ends.length)]
  return value === undefined || value === Number.POSITIVE_INFINITY ? null : value
}

function playRuns(cell: World, told: Law | null, runs: number, seed: number): readonly End[] {
  const random = seededRandom(seed)
  return Array.from({ length: runs }, () => oneRun(cell, told, random))
}

/** What the oracle is told. */
type Law = { readonly predict: Predict; readonly betPrior: BetPrior }

function lawOf({ candidateFailure, judge }: World): Law {
  const rates = { candidate: candidateFailure, baseline: BASELINE_FAILURE }
  const behind = (rate: number, suspected: boolean) => {
    if (judge === null) return rate
    const right = suspected ? judge : 1 - judge
    return (rate * right) / (rate * right + (1 - rate) * (1 - right))
  }
  const design = {
    candidateFailure,
    baselineFailure: BASELINE_FAILURE,
    judgeAccuracy: judge,
    budget: BUDGET,
    labelError: null,
    identicalShare: 0,
  }
  return {
    predict: (arm, score) => ({
      value: behind(rates[arm], score !== null && score > 0.5),
      min: behind(rates[arm], false),
      max: behind(rates[arm], true),
    }),
    betPrior: fittedPrior(summandLaw(design), MARGIN),
  }
}

function oneRun({ candidateFailure, judge }: World, told: Law | null, random: () => number): End {
  const auditors = { candidate: startAuditing(), baseline: startAuditing() }
  const label = (arm: 'candidate' | 'baseline', rate: number, predict: Predict): ArmLabel =>
    judge === null
      ? drawLabel(rate, 1, random)
      : judgedLabel(arm, rate, judge, auditors[arm], predict, random)
  const { check, units } = playStage({
    plan: told === null ? planAt(MARGIN) : { ...planAt(MARGIN), betPrior: told.betPrior },
    ...(told === null ? {} : { known: told.predict }),
    draw: (predict) => ({
      design: 'paired',
      unit: 'u',
      candidate: label('candidate', candidateFailure, predict),
      baseline: label('baseline', BASELINE_FAILURE, predict),
      probabilityMin: judge === null ? 1 : FLOOR,
    }),
    unitsMax: PAIRS_MAX,
  })
  if (check.verdict !== 'promote')
    return { labels: Number.POSITIVE_INFINITY, pairs: Number.POSITIVE_INFINITY }
  const labels = units.reduce(
    (sum, { candidate, baseline }) =>
      sum + (candidate.kind === 'observed' ? 1 : 0) + (baseline.kind === 'observed' ? 1 : 0),
    0,
  )
  return { labels, pairs: units.length }
}

type Auditing = { spreadSum: number; episodes: number }

function startAuditing(): Auditing {
  return { spreadSum: 0.3, episodes: 1 }
}

function judgedLabel(
  arm: 'candidate' | 'baseline',
  rate: number,
  accuracy: number,
  auditing: Auditing,
  predict: Predict,
  random: () => number,
): ArmLabel {
  const failure = random() < rate ? 1 : 0
  const right = random() < accuracy
  const score = (failure === 1) === right ? 0.9 : 0.1
  const spread = spreadOf(predict(arm, score))
  // Over the episodes so far the average is the budget.
  const probability = Math.min(1, Math.max(FLOOR, (BUDGET * spread * auditing.episodes) / auditing.spreadSum))
  auditing.spreadSum += spread
  auditing.episodes += 1
  return random() < probability
    ? { kind: 'observed', failure, probability, judge: score }
    : { kind: 'unsampled', probability, judge: score }
}

function spreadOf({ value }: PredictedFailure): number {
  return Math.sqrt(value * (1 - value))
}
