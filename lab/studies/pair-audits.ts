/**
 * Question  What does a release on recorded episodes gain by putting the pairs to people that tell most for their minutes, instead
 *           of a fixed share of them? Does it promote a candidate at the margin more often?
 * World     Each run draws its own: a baseline that fails on 5 to 20 %, the margin 5 points, a judge right in 75 to 95 %, episodes
 *           of which 10 to 50 % take two to six times as long. The judge is calibrated on earlier answers of people, as in the server.
 * Rules     Share: every pair with the same probability. Allocated: `allocatePairAudits` at the same expected minutes. The gate is
 *           the server's: its calibration, its range, its bet.
 * Oracle    Allocated by what 10,000 answers of the very world say of each score, which the gate knows from the first pair, too.
 * Control   The candidate at the margin: no rule may promote it more often than alpha, whatever the judge is worth.
 * Harder    The judge was calibrated on other work than it meets; the candidate hides its failures from the judge.
 * Loses     A judge that says anything at random, episodes alike: nothing is to be gained, and forty earlier answers mislead.
 * Simulated People give the true label.
 */
import {
  type JudgeCalibration,
  learnFailure,
  predictFailure,
  startCalibration,
} from '@leeway/core/gate/judge-calibration'
import { allocatePairAudits, type PairToAudit, scoreProbabilities } from '@leeway/core/gate/pair-audits'
import { planAt } from '@leeway/core/gate/plan'
import { summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { playUntil, startBetting } from '@leeway/core/sequential/betting-process'
import { medianOf } from './median-of.ts'
import { percent } from './percent.ts'
import { shareOfBase } from './share-of-base.ts'

const MARGIN = 0.05
const ALPHA = 0.05
const SHARE = 0.3
const FLOOR = 0.1
const PAIRS = 6_000
const SEED = 20_261_130

const SETTINGS = ['judge fits', 'judge fitted elsewhere', 'failures hidden', 'nothing to gain'] as const
const RULES = ['share', 'allocated', 'oracle'] as const
const ORACLE_ANSWERS = 10_000
type Setting = (typeof SETTINGS)[number]
type Rule = (typeof RULES)[number]
type Arm = 'candidate' | 'baseline'

export type PairAuditsRow = {
  readonly setting: Setting
  readonly rule: Rule
  readonly runs: number
  /** Medians until an equal candidate is promoted; null where fewer than half are. */
  readonly minutes: number | null
  readonly labels: number | null
  readonly promoted: number
  /** Share of runs that promoted a candidate at the margin. */
  readonly falselyPromoted: number
}

export function pairAuditsStudy(runs: number): readonly PairAuditsRow[] {
  return SETTINGS.flatMap((setting, cell) =>
    RULES.map((rule) => {
      const equal: End[] = []
      let wrong = 0
      for (let run = 0; run < runs; run++) {
        // All rules meet the same worlds and pairs.
        const seed = SEED + 10_000 * cell + run
        equal.push(playRelease(setting, rule, 0, seed))
        if (playRelease(setting, rule, MARGIN, seed).promoted) wrong += 1
      }
      const median = (of: (end: End) => number) =>
        medianOf(equal.map((end) => (end.promoted ? of(end) : Number.POSITIVE_INFINITY)))
      return {
        setting,
        rule,
        runs,
        minutes: median(({ minutes }) => minutes),
        labels: median(({ labels }) => labels),
        promoted: equal.filter(({ promoted }) => promoted).length / runs,
        falselyPromoted: wrong / runs,
      }
    }),
  )
}

type World = {
  readonly rate: number
  readonly right: number
  readonly longShare: number
  readonly longer: number
  /** Earlier answers that the judge was calibrated on, and how far its failure rate was from that of now. */
  readonly earlier: number
  readonly shift: number
  readonly hides: boolean
}
type Pair = PairToAudit & { readonly failed: Readonly<Record<Arm, boolean>> }
type End = { readonly promoted: boolean; readonly minutes: number; readonly labels: number }

function drawWorld(setting: Setting, random: () => number): World {
  const between = (low: number, high: number) => low + (high - low) * random()
  const world = {
    rate: between(0.05, 0.2),
    right: between(0.75, 0.95),
    longShare: between(0.1, 0.5),
    longer: between(2, 6),
    earlier: 200,
    shift: 1,
    hides: false,
  }
  if (setting === 'nothing to gain') return { ...world, right: 0.5, longer: 1, earlier: 40 }
  if (setting === 'judge fitted elsewhere') return { ...world, shift: 3 }
  return { ...world, hides: setting === 'failures hidden' }
}

/** A score: right or wrong about the episode, and how loudly. */
function scoreOf(failed: boolean, right: number, random: () => number): number {
  const suspected = random() < right === failed
  return suspected ? 0.5 + 0.5 * random() : 0.5 * random()
}

function playRelease(setting: Setting, rule: Rule, worse: number, seed: number): End {
  const random = seededRandom(seed)
  const world = drawWorld(setting, random)
  const { rate, right, longShare, longer, earlier, shift, hides } = world
  const calibration = startCalibration()
  for (let answer = 0; answer < earlier; answer++) {
    const failed = random() < shift * rate
    learnFailure(calibration, scoreOf(failed, right, random), failed ? 1 : 0)
  }
  const pairs = Array.from({ length: PAIRS }, (): Pair => {
    const failed = { candidate: random() < rate + worse, baseline: random() < rate }
    return {
      candidate: scoreOf(failed.candidate && !hides, right, random),
      baseline: scoreOf(failed.baseline, right, random),
      minutes: random() < longShare ? 2 * longer : 2,
      failed,
    }
  })
  // From numbers of its own: all rules meet the same pairs.
  const known = rule === 'oracle' ? knownScores(world, worse, seededRandom(-seed)) : null
  const probabilities =
    rule === 'share'
      ? pairs.map(() => SHARE)
      : allocatePairAudits(pairs, {
          calibration: known === null ? calibration : known.both,
          share: SHARE,
          floor: FLOOR,
        }).probabilities
  const learned = known ?? { candidate: startCalibration(), baseline: startCalibration() }
  return readPairs(pairs, probabilities, learned, random)
}

/** What the scores of this very world say of each arm, and of both together. */
function knownScores({ rate, right, hides }: World, worse: number, random: () => number) {
  const known = { candidate: startCalibration(), baseline: startCalibration(), both: startCalibration() }
  for (let answer = 0; answer < ORACLE_ANSWERS; answer++) {
    const arm = answer % 2 === 0 ? 'candidate' : 'baseline'
    const failed = random() < (arm === 'candidate' ? rate + worse : rate)
    const score = scoreOf(failed && !(hides && arm === 'candidate'), right, random)
    for (const scores of [known[arm], known.both]) learnFailure(scores, score, failed ? 1 : 0)
  }
  return known
}

function readPairs(
  pairs: readonly Pair[],
  probabilities: readonly number[],
  learned: Readonly<Record<Arm, JudgeCalibration>>,
  random: () => number,
): End {
  const byScore = scoreProbabilities(pairs, probabilities)
  const process = startBetting()
  const { betPrior } = planAt(MARGIN)
  const spent = { minutes: 0, labels: 0 }
  for (const [at, pair] of pairs.entries()) {
    const probability = probabilities[at] as number
    const audited = random() < probability
    const label = (arm: Arm): ArmLabel =>
      audited
        ? { kind: 'observed', failure: pair.failed[arm] ? 1 : 0, probability, judge: pair[arm] }
        : { kind: 'unsampled', probability, judge: pair[arm] }
    const labels = { candidate: label('candidate'), baseline: label('baseline') }
    const { value, max } = summandOf(
      { design: 'paired', unit: 'u', ...labels },
      {
        candidate: predictFailure(learned.candidate, pair.candidate, byScore.candidate),
        baseline: predictFailure(learned.baseline, pair.baseline, byScore.baseline),
      },
      'promote',
    )
    if (audited) {
      spent.minutes += pair.minutes
      spent.labels += 2
    }
    if (playUntil(process, MARGIN - value, max - MARGIN, betPrior, Math.log(1 / ALPHA)))
      return { promoted: true, ...spent }
    for (const arm of ['candidate', 'baseline'] as const) {
      const { kind, judge } = labels[arm]
      if (kind === 'observed') learnFailure(learned[arm], judge, labels[arm].failure)
    }
  }
  return { promoted: false, ...spent }
}

export function pairAuditsTable(rows: readonly PairAuditsRow[]): string {
  return [
    'Simulated episodes, judge and people. Medians until an equal candidate is promoted, of 6,000 pairs at most.',
    '',
    '| setting | rule | runs | equal, promoted | minutes | of a share | labels | of a share | at the margin, promoted |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const of = (what: 'minutes' | 'labels') => shareOfBase(rows, 'share', row, what)
      return `| ${row.setting} | ${row.rule} | ${row.runs} | ${percent(row.promoted)} | ${row.minutes?.toFixed(0) ?? '–'} | ${of('minutes')} | ${row.labels ?? '–'} | ${of('labels')} | ${percent(row.falselyPromoted)} |`
    }),
  ].join('\n')
}
