/**
 * Question  What becomes of the gate where one thing it assumes is not so, and does what the product has against that mend it?
 * World     People label every pair; baseline (2 to 30 %) and margin (2 to 8 points) are drawn anew in each run. Over 3,000 pairs
 *           the candidate is worse by exactly the margin, so that promotion is an error. Each world breaks one assumption.
 * Oracle    alpha itself: a test that knows the world errs so often.
 * Naive     A z test at 1.645, once, after all pairs.
 * Loses     Every world: that is what it is for. Beside it the same world with the mend.
 * Answer    Share of runs in which the gate promotes, or rolls back, at some time.
 */
import { planAt } from '@leeway/core/gate/plan'
import { learnReaudit, predictTruth, startReaudits } from '@leeway/core/gate/reaudit-tally'
import { reauditedSummandOf } from '@leeway/core/gate/reaudited-summand'
import { summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { playUntil, startBetting } from '@leeway/core/sequential/betting-process'
import { rateAtMost } from './gate-validity-bound.ts'
import { percent } from './percent.ts'

const SEED = 20_260_703
const ALPHA = 0.05
const THRESHOLD = Math.log(1 / ALPHA)
const UNJUDGED = { value: 0, min: 0, max: 0 }
/** One-sided 5 %. */
const Z = 1.645
const ALIKE = 10
const EARLY = 500
const PAIRS = 3_000
/** Share of the candidate's failures whose label is lost. */
const LOST = 0.2
const SENSITIVITY = 0.9
const SPECIFICITY = 0.8
const REAUDIT = 0.2

type Setting = { readonly base: number; readonly margin: number }
/** Draws the next pair; null where it leaves no trace. */
type Source = () => PairedUnit | null
type World = {
  readonly name: string
  readonly mend: string
  readonly broken: (setting: Setting, random: () => number) => Source
  readonly mended: (setting: Setting, random: () => number) => Source
}

const WORLDS: readonly World[] = [
  {
    name: 'pairs come ten alike and are played one by one',
    mend: 'ten alike are one unit',
    broken: ({ base, margin }, random) => {
      let [pair, left] = [pairOf(base + margin, base, random), ALIKE]
      return () => {
        if (left === 0) [pair, left] = [pairOf(base + margin, base, random), ALIKE]
        left -= 1
        return pair
      }
    },
    mended: ({ base, margin }, random) => {
      let at = -1
      return () => {
        at += 1
        return at % ALIKE === 0 ? pairOf(base + margin, base, random) : null
      }
    },
  },
  {
    name: 'the candidate is as good as the baseline in the first 500 pairs, and worse than the margin later',
    mend: 'the next stage has evidence of its own',
    broken: ({ base, margin }, random) => {
      let at = 0
      return () => {
        at += 1
        return pairOf(at <= EARLY ? base : base + laterWorse(margin), base, random)
      }
    },
    mended:
      ({ base, margin }, random) =>
      () =>
        pairOf(base + laterWorse(margin), base, random),
  },
  {
    name: 'one label in five of the candidate’s failures is lost, and the pair with it',
    mend: 'recorded as missing',
    broken:
      ({ base, margin }, random) =>
      () => {
        const pair = pairOf(base + margin, base, random)
        return isLost(pair, random) ? null : pair
      },
    mended:
      ({ base, margin }, random) =>
      () => {
        const pair = pairOf(base + margin, base, random)
        return isLost(pair, random)
          ? { ...pair, candidate: { kind: 'missing', probability: 1, judge: null } }
          : pair
      },
  },
  {
    name: 'labels find 90 % of the candidate’s failures at first and 50 % at the end, and pass 80 % of what is sound',
    mend: 'experts look again at one label in five',
    broken: (setting, random) => drifting(setting, 0, random),
    mended: (setting, random) => drifting(setting, REAUDIT, random),
  },
]

/** Of the baseline's failures labels go on finding 90 %. */
function drifting({ base, margin }: Setting, reaudit: number, random: () => number): Source {
  let at = 0
  const label = (rate: number, found: number): ArmLabel => {
    const truth = random() < rate ? 1 : 0
    const failure = random() < (truth === 1 ? found : 1 - SPECIFICITY) ? 1 : 0
    const observed = { kind: 'observed', failure, probability: 1, judge: null } as const
    if (reaudit === 0) return observed
    return {
      ...observed,
      reaudit:
        random() < reaudit
          ? { kind: 'observed', failure: truth, probability: reaudit }
          : { kind: 'unsampled', probability: reaudit },
    }
  }
  return () => {
    at += 1
    const candidate = label(base + margin, SENSITIVITY - ((SENSITIVITY - 0.5) * at) / PAIRS)
    return { design: 'paired', unit: 'u', candidate, baseline: label(base, SENSITIVITY) }
  }
}

/** So that all 3,000 pairs together are at the margin. */
function laterWorse(margin: number): number {
  return (margin * PAIRS) / (PAIRS - EARLY)
}

function isLost({ candidate }: PairedUnit, random: () => number): boolean {
  return candidate.kind === 'observed' && candidate.failure === 1 && random() < LOST
}

function pairOf(candidate: number, baseline: number, random: () => number): PairedUnit {
  const label = (rate: number): ArmLabel => ({
    kind: 'observed',
    failure: random() < rate ? 1 : 0,
    probability: 1,
    judge: null,
  })
  return { design: 'paired', unit: 'u', candidate: label(candidate), baseline: label(baseline) }
}

type Shares = { readonly promoted: number; readonly rolledBack: number; readonly naive: number }
export type BrokenRow = {
  readonly world: string
  readonly mend: string
  readonly runs: number
  /** Runs that were promoted, rolled back, and promoted by the z test. */
  readonly broken: Shares
  readonly mended: Shares
}

export function gateValidityBroken(runs: number): readonly BrokenRow[] {
  return WORLDS.map((world, index) => {
    const play = (of: World['broken']) => {
      const ends = Array.from({ length: runs }, (_, run) => {
        const random = seededRandom(SEED + 10_000 * index + run)
        const setting = { base: 0.02 + 0.28 * random(), margin: 0.02 + 0.06 * random() }
        return playRun(of(setting, random), setting.margin)
      })
      const count = (of: keyof Shares) => ends.filter((end) => end[of]).length
      return { promoted: count('promoted'), rolledBack: count('rolledBack'), naive: count('naive') }
    }
    return {
      world: world.name,
      mend: world.mend,
      runs,
      broken: play(world.broken),
      mended: play(world.mended),
    }
  })
}

function playRun(source: Source, margin: number) {
  const plan = planAt(margin, { alpha: ALPHA })
  const promote = startBetting()
  const rollback = startBetting()
  const end = { promoted: false, rolledBack: false, naive: false }
  const seen = { pairs: 0, sum: 0, squares: 0 }
  const reaudits = { candidate: startReaudits(), baseline: startReaudits() }
  for (let at = 0; at < PAIRS; at++) {
    const pair = source()
    if (pair === null) continue
    const up = summandFor(pair, reaudits, 'promote')
    const down = summandFor(pair, reaudits, 'rollback')
    learnReaudit(reaudits.candidate, pair.candidate)
    learnReaudit(reaudits.baseline, pair.baseline)
    const [gain, harm] = [plan.margin - up.value, down.value - plan.harmMargin]
    if (!end.promoted) end.promoted = playUntil(promote, gain, up.max - plan.margin, plan.betPrior, THRESHOLD)
    if (!end.rolledBack)
      end.rolledBack = playUntil(rollback, harm, plan.harmMargin - down.min, plan.betPrior, THRESHOLD)
    seen.pairs += 1
    seen.sum += gain
    seen.squares += gain ** 2
  }
  const mean = seen.sum / seen.pairs
  end.naive = mean > Z * Math.sqrt((seen.squares / seen.pairs - mean ** 2) / seen.pairs)
  return end
}

type Reaudits = ReturnType<typeof startReaudits>

function summandFor(
  pair: PairedUnit,
  reaudits: { readonly candidate: Reaudits; readonly baseline: Reaudits },
  claim: 'promote' | 'rollback',
) {
  const predicted = { candidate: UNJUDGED, baseline: UNJUDGED }
  if (pair.candidate.kind !== 'observed' || pair.candidate.reaudit === undefined)
    return summandOf(pair, predicted, claim)
  const truths = {
    candidate: predictTruth(reaudits.candidate),
    baseline: predictTruth(reaudits.baseline),
  }
  return reauditedSummandOf(pair, predicted, truths, { passed: REAUDIT, failed: REAUDIT }, claim)
}

export function brokenGateTable(rows: readonly BrokenRow[]): string {
  const shown = (hits: number, runs: number) =>
    `${percent(hits / runs)} (${percent(rateAtMost(hits, runs, 0.05))})`
  return [
    'Shares of runs, at the margin (upper bound in brackets, one-sided, 95 %).',
    '',
    '| what is not as the gate assumes | runs | promoted | rolled back | z test once, promoted | mend | promoted | rolled back | z test once, promoted |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(({ world, mend, runs, broken, mended }) => {
      const of = ({ promoted, rolledBack, naive }: Shares) =>
        [promoted, rolledBack, naive].map((hits) => shown(hits, runs)).join(' | ')
      return `| ${world} | ${runs} | ${of(broken)} | ${mend} | ${of(mended)} |`
    }),
  ].join('\n')
}
