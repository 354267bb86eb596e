/**
 * Question  How many minutes of people does it save to choose who looks at what, with which help, by what a look tells for the
 *           minutes it takes, at the same error of the gate?
 * World     Each run draws its own: raters of unlike skill and speed, long episodes that take two to eight times as long, a judge
 *           right in 70 to 90 %. Critiques find half of what a rater misses, cost a point of specificity and 30 % more minutes. Each
 *           policy fails on 10 %; the margin is 5 points. Labels are corrected for the rater's errors, which the gate knows.
 * Rules     random: any episode, rater and help alike. Best rater: the way with the least variance for its minutes, any episode
 *           alike. Allocated: ways and probabilities of `allocateAudits`. All spend the same minutes an episode.
 * Control   The candidate at the margin: no rule may promote it more often than alpha.
 * Harder    The allocator knows raters from 30 known failures and 30 known successes each, not truly.
 * Loses     Raters alike, no help, episodes alike, a judge that knows nothing: nothing is to be gained.
 * Simulated Skills and minutes are the world's.
 */
import { allocateAudits, type EpisodeKind, labelVariance, type Way } from '@leeway/core/gate/allocate-audits'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type BetPrior, playUnit, startBetting } from '@leeway/core/sequential/betting-process'
import { medianOf } from './median-of.ts'
import { percent } from './percent.ts'
import { shareOfBase } from './share-of-base.ts'
import { mean } from './truth-inference.ts'

const BASE = 0.1
const MARGIN = 0.05
const ALPHA = 0.05
const FLOOR = 0.05
const KNOWN = 30
const PAIRS_MAX = 20_000
const SEED = 20_261_126

const SETTINGS = ['skills known', 'skills from 30 known answers of each kind', 'nothing to gain'] as const
const RULES = ['random', 'best rater, any episode', 'allocated'] as const
type Setting = (typeof SETTINGS)[number]
type Rule = (typeof RULES)[number]

export type AllocatorRow = {
  readonly setting: Setting
  readonly rule: Rule
  readonly runs: number
  readonly minutes: number | null
  readonly labels: number | null
  /** Share of runs that promoted a candidate at the margin. */
  readonly falselyPromoted: number
}

export function allocatorStudy(runs: number): readonly AllocatorRow[] {
  return SETTINGS.flatMap((setting, cell) =>
    RULES.map((rule) => {
      const ends = { equal: [] as End[], margin: [] as End[] }
      for (let run = 0; run < runs; run++) {
        // Each rule meets the same worlds.
        const random = seededRandom(SEED + 10_000 * cell + run)
        const world = drawWorld(setting, random)
        const plan = planOf(rule, world)
        ends.equal.push(playRelease(world, plan, BASE, random))
        ends.margin.push(playRelease(world, plan, BASE + MARGIN, random))
      }
      return {
        setting,
        rule,
        runs,
        minutes: medianOf(ends.equal.map(({ promoted, minutes }) => (promoted ? minutes : Infinity))),
        labels: medianOf(ends.equal.map(({ promoted, labels }) => (promoted ? labels : Infinity))),
        falselyPromoted: ends.margin.filter(({ promoted }) => promoted).length / runs,
      }
    }),
  )
}

/** Long or short, and what the judge said of it. */
type Kind = {
  readonly long: boolean
  readonly suspected: boolean
  readonly share: number
  readonly failure: number
}
type World = {
  readonly kinds: readonly Kind[]
  readonly longShare: number
  readonly judge: number
  /** By kind: the ways as they are, and as the allocator believes. */
  readonly ways: readonly (readonly Way[])[]
  readonly believed: readonly (readonly Way[])[]
  /** Minutes an episode that every rule may spend. */
  readonly budget: number
}
/** By kind: the ways that may be drawn, each as likely, and the audit probability. */
type Plan = readonly { readonly ways: readonly Way[]; readonly probability: number }[]

function drawWorld(setting: Setting, random: () => number): World {
  const alike = setting === 'nothing to gain'
  const between = (low: number, high: number) => low + (high - low) * random()
  const judge = alike ? 0.5 : between(0.7, 0.9)
  const longShare = between(0.1, 0.5)
  const longer = alike ? 1 : between(2, 8)
  const raters = Array.from({ length: 4 }, () => ({
    sensitivity: alike ? 0.85 : between(0.6, 0.97),
    specificity: alike ? 0.97 : between(0.9, 0.99),
    minutes: alike ? 1 : between(0.5, 2),
  }))
  const panel = alike ? raters : raters.flatMap((one) => [one, withCritique(one)])
  const estimates = setting.startsWith('skills from') ? panel.map((one) => estimated(one, random)) : panel
  const kinds = [false, true].flatMap((long) =>
    [false, true].map((suspected): Kind => {
      const right = suspected ? judge : 1 - judge
      const said = BASE * right + (1 - BASE) * (1 - right)
      return {
        long,
        suspected,
        share: (long ? longShare : 1 - longShare) * said,
        failure: (BASE * right) / said,
      }
    }),
  )
  const waysOf = (of: readonly Way[]) =>
    kinds.map(({ long }) => of.map((one) => ({ ...one, minutes: one.minutes * (long ? longer : 1) })))
  const ways = waysOf(panel)
  const each = kinds.reduce(
    (sum, { share }, at) => sum + share * mean((ways[at] as readonly Way[]).map(({ minutes }) => minutes)),
    0,
  )
  return { kinds, longShare, judge, ways, believed: waysOf(estimates), budget: 0.2 * each }
}

function withCritique({ sensitivity, specificity, minutes }: Way): Way {
  return {
    sensitivity: sensitivity + 0.5 * (1 - sensitivity),
    specificity: specificity - 0.01,
    minutes: 1.3 * minutes,
  }
}

/** Shares of known answers given right, with one more of each, so that nobody is perfect by luck. */
function estimated({ sensitivity, specificity, minutes }: Way, random: () => number): Way {
  const share = (rate: number) => {
    let right = 1
    for (let answer = 0; answer < KNOWN; answer++) if (random() < rate) right += 1
    return right / (KNOWN + 2)
  }
  return { sensitivity: share(sensitivity), specificity: share(specificity), minutes }
}

function planOf(rule: Rule, world: World): Plan {
  const { kinds, ways, believed, budget } = world
  if (rule === 'allocated') {
    const asked = kinds.map(
      ({ share, failure }, at): EpisodeKind => ({
        share,
        failure,
        ways: believed[at] as readonly Way[],
      }),
    )
    const policy = allocateAudits(asked, { minutes: budget, floor: FLOOR })
    return policy.kinds.map(({ way, probability }, at) => ({ ways: [ways[at]?.[way] as Way], probability }))
  }
  const worth = (believed[0] as readonly Way[]).map((one) => labelVariance(BASE, one) * one.minutes)
  const best = worth.indexOf(Math.min(...worth))
  const offered = ways.map((of) => (rule === 'random' ? of : [of[best] as Way]))
  const each = kinds.reduce(
    (sum, { share }, at) => sum + share * mean((offered[at] as readonly Way[]).map(({ minutes }) => minutes)),
    0,
  )
  return offered.map((of) => ({ ways: of, probability: Math.min(1, budget / each) }))
}

type End = { readonly promoted: boolean; readonly minutes: number; readonly labels: number }

function playRelease(world: World, plan: Plan, candidateFailure: number, random: () => number): End {
  const range = rangeOf(world, plan)
  const prior = priorOf(world, plan)
  const process = startBetting()
  const spent = { minutes: 0, labels: 0 }
  for (let pair = 0; pair < PAIRS_MAX; pair++) {
    const value = look(world, plan, candidateFailure, spent, random) - look(world, plan, BASE, spent, random)
    playUnit(process, MARGIN - value, range.max - range.min - MARGIN, prior)
    if (process.logWealthMax >= Math.log(1 / ALPHA)) return { promoted: true, ...spent }
  }
  return { promoted: false, ...spent }
}

/** The summand of one arm: the prediction, and for one that was looked at its correction. */
function look(
  world: World,
  plan: Plan,
  rate: number,
  spent: { minutes: number; labels: number },
  random: () => number,
): number {
  const failed = random() < rate
  const suspected = random() < world.judge === failed
  const long = random() < world.longShare
  const at = world.kinds.findIndex((one) => one.long === long && one.suspected === suspected)
  const { failure } = world.kinds[at] as Kind
  const { ways, probability } = plan[at] as Plan[number]
  if (random() >= probability) return failure
  const way = ways[Math.floor(random() * ways.length)] as Way
  spent.minutes += way.minutes
  spent.labels += 1
  const says = random() < (failed ? way.sensitivity : 1 - way.specificity)
  return failure + (corrected(says, way) - failure) / probability
}

/** Mean over the rater's errors: whether the episode failed. */
function corrected(says: boolean, { sensitivity, specificity }: Way): number {
  return ((says ? 1 : 0) - (1 - specificity)) / (sensitivity + specificity - 1)
}

function rangeOf({ kinds }: World, plan: Plan): { readonly min: number; readonly max: number } {
  const values = plan.flatMap(({ ways, probability }, at) => {
    const { failure } = kinds[at] as Kind
    return [
      failure,
      ...ways.flatMap((way) =>
        [true, false].map((says) => failure + (corrected(says, way) - failure) / probability),
      ),
    ]
  })
  return { min: Math.min(...values), max: Math.max(...values) }
}

/** Fits equal policies, as a planner would foresee them. */
function priorOf({ kinds }: World, plan: Plan): BetPrior {
  const squares = plan.reduce((sum, { ways, probability }, at) => {
    const { share, failure } = kinds[at] as Kind
    const label = mean(ways.map((way) => labelVariance(failure, way)))
    return sum + share * ((failure - BASE) ** 2 + label / probability)
  }, 0)
  const variance = 2 * squares
  return {
    gap: MARGIN,
    variance,
    weight: Math.max(1_500, (20 * variance) / MARGIN ** 2),
    plugInShare: 0.9,
  }
}

export function allocatorTable(rows: readonly AllocatorRow[]): string {
  return [
    'Simulated raters. Medians until an equal candidate is promoted.',
    '',
    '| setting | rule | runs | minutes | of random | labels | of random | at the margin, promoted |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const of = (what: 'minutes' | 'labels') => shareOfBase(rows, 'random', row, what)
      return `| ${row.setting} | ${row.rule} | ${row.runs} | ${row.minutes?.toFixed(0) ?? '–'} | ${of('minutes')} | ${row.labels ?? '–'} | ${of('labels')} | ${percent(row.falselyPromoted)} |`
    }),
  ].join('\n')
}
