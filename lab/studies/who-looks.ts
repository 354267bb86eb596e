/**
 * Question  What may decide who looks, so that labels of both arms err alike, and what does it save in minutes of people?
 * World     Each run draws its own: vetted people who find 55 to 80 % of the failures, experts who find 85 to 97 % and take one to three
 *           times as long, a judge right in 75 to 90 %. The baseline fails on 8 to 15 %; the margin is 5 points. Both episodes of each pair
 *           are labelled once. The gate tests the margin times J, the informedness of the labels, which endless known answers show: episodes
 *           like the baseline's, answered through the same rule.
 * Rules     anyone: either tier, alike. By question: four in five go to the tier that `chooseWay` finds best from 60 known answers of
 *           each kind. By pair: pairs of which the judge suspects either episode go to experts, the others to vetted people, nine in ten.
 *           By episode: the same of each episode by itself, the naive rule. Oracle: the better tier always, from its true skill.
 * Control   The candidate at the margin: promoted in at most alpha of the runs, or the rule is not valid.
 * Harder    Failures hidden: what the candidate does wrong looks sound to the judge.
 * Loses     Tiers alike: nothing is to be gained.
 * Simulated Skills, minutes and judge are the world's.
 */
import { chooseWay } from '@leeway/core/gate/choose-way'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type BetPrior, playUnit, startBetting } from '@leeway/core/sequential/betting-process'
import { medianOf } from './median-of.ts'
import { percent } from './percent.ts'
import { shareOfBase } from './share-of-base.ts'

const MARGIN = 0.05
const ALPHA = 0.05
const KNOWN = 60
const FLOOR = 0.2
/** Of a rule that prefers a tier for some episodes. */
const PREFERRED = 0.9
const PAIRS_MAX = 8_000
const SEED = 20_261_130

const SETTINGS = ['judge alike on both arms', 'failures hidden', 'tiers alike'] as const
const RULES = ['anyone', 'by question', 'by pair', 'by episode', 'oracle'] as const
type Setting = (typeof SETTINGS)[number]
type Rule = (typeof RULES)[number]

export type WhoLooksRow = {
  readonly setting: Setting
  readonly rule: Rule
  readonly runs: number
  readonly minutes: number | null
  readonly labels: number | null
  /** Share of runs that promoted a candidate at the margin. */
  readonly falselyPromoted: number
}

export function whoLooksStudy(runs: number): readonly WhoLooksRow[] {
  return SETTINGS.flatMap((setting, cell) =>
    RULES.map((rule) => {
      const ends = { equal: [] as End[], margin: [] as End[] }
      for (let run = 0; run < runs; run++) {
        // Each rule meets the same worlds.
        const world = drawWorld(setting, seededRandom(SEED + 10_000 * cell + run))
        const play = (worse: number, salt: number) =>
          playRelease(world, rule, worse, seededRandom(SEED + 1_000_000 * salt + 10_000 * cell + run))
        ends.equal.push(play(0, 1))
        ends.margin.push(play(MARGIN, 2))
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

type Tier = { readonly sensitivity: number; readonly specificity: number; readonly minutes: number }
type World = {
  readonly rate: number
  readonly judge: number
  readonly hides: boolean
  readonly vetted: Tier
  readonly expert: Tier
  /** By question: the chance that an expert looks, as measured and as it is. */
  readonly expertShare: { readonly measured: number; readonly true: number }
}
type Episode = { readonly failed: boolean; readonly suspected: boolean }
type End = { readonly promoted: boolean; readonly minutes: number; readonly labels: number }

function drawWorld(setting: Setting, random: () => number): World {
  const between = (low: number, high: number) => low + (high - low) * random()
  const specificity = between(0.95, 0.99)
  const vetted = { sensitivity: between(0.55, 0.8), specificity, minutes: 1 }
  const expert =
    setting === 'tiers alike'
      ? vetted
      : { sensitivity: between(0.85, 0.97), specificity, minutes: between(1, 3) }
  const rate = between(0.08, 0.15)
  const share = (known: number | null, floor: number) => {
    const record = (name: string, { sensitivity, minutes }: Tier) => ({
      name,
      ...countsOf({ sensitivity, specificity }, known, random),
      minutes,
    })
    const [v, e] = [record('vetted', vetted), record('expert', expert)]
    const both = {
      name: 'anyone',
      faults: v.faults + e.faults,
      found: v.found + e.found,
      sound: v.sound + e.sound,
      passed: v.passed + e.passed,
      minutes: (v.minutes + e.minutes) / 2,
    }
    const chosen = chooseWay([both, v, e], rate, floor)
    if (chosen.kind === 'insufficient') throw new Error(chosen.reason)
    const of = (name: string) => chosen.ways.find((way) => way.name === name)?.probability ?? 0
    return of('expert') + of('anyone') / 2
  }
  return {
    rate,
    judge: between(0.75, 0.9),
    hides: setting === 'failures hidden',
    vetted,
    expert,
    expertShare: { measured: share(KNOWN, FLOOR), true: share(null, 0) },
  }
}

/** `known` null: as many as it takes to know the rates. */
function countsOf(
  { sensitivity, specificity }: Pick<Tier, 'sensitivity' | 'specificity'>,
  known: number | null,
  random: () => number,
) {
  const right = (rate: number) =>
    known === null ? 1e6 * rate : Array.from({ length: known }, random).filter((one) => one < rate).length
  const all = known ?? 1e6
  return { faults: all, found: right(sensitivity), sound: all, passed: right(specificity) }
}

/** The chance that an expert looks at an episode of which the judge says this, and of the other one of its pair that. */
function expertChance(rule: Rule, world: World, own: boolean, other: boolean): number {
  if (rule === 'anyone') return 0.5
  if (rule === 'by question') return world.expertShare.measured
  if (rule === 'oracle') return world.expertShare.true
  const isSuspected = rule === 'by pair' ? own || other : own
  return isSuspected ? PREFERRED : 1 - PREFERRED
}

function playRelease(world: World, rule: Rule, worse: number, random: () => number): End {
  const { rate, hides } = world
  const { sensitivity, specificity } = labelRates(world, rule)
  const informedness = sensitivity + specificity - 1
  const margin = MARGIN * informedness
  const failing = informedness * rate + 1 - specificity
  const prior: BetPrior = {
    gap: margin,
    variance: 2 * failing * (1 - failing),
    weight: 1_500,
    plugInShare: 0.9,
  }
  const process = startBetting()
  const spent = { minutes: 0, labels: 0 }
  for (let pair = 0; pair < PAIRS_MAX; pair++) {
    const candidate = episode(world, rate + worse, hides, random)
    const baseline = episode(world, rate, false, random)
    const label = (one: Episode, other: Episode) => {
      const tier =
        random() < expertChance(rule, world, one.suspected, other.suspected) ? world.expert : world.vetted
      spent.minutes += tier.minutes
      spent.labels += 1
      return random() < (one.failed ? tier.sensitivity : 1 - tier.specificity) ? 1 : 0
    }
    const value = label(candidate, baseline) - label(baseline, candidate)
    playUnit(process, margin - value, 1 - margin, prior)
    if (process.logWealthMax >= Math.log(1 / ALPHA)) return { promoted: true, ...spent }
  }
  return { promoted: false, ...spent }
}

function episode({ judge }: World, rate: number, hides: boolean, random: () => number): Episode {
  const failed = random() < rate
  return { failed, suspected: random() < judge === (failed && !hides) }
}

/** Of endless known answers: episodes like those of the baseline, each beside another one like it, through the same rule. */
function labelRates(
  world: World,
  rule: Rule,
): { readonly sensitivity: number; readonly specificity: number } {
  const { judge, rate, vetted, expert } = world
  const suspectedOf = (failed: boolean) => (failed ? judge : 1 - judge)
  const otherSuspected = rate * suspectedOf(true) + (1 - rate) * suspectedOf(false)
  const expertOf = (failed: boolean) =>
    [true, false].reduce((sum, own) => {
      const chance = own ? suspectedOf(failed) : 1 - suspectedOf(failed)
      return [true, false].reduce((total, other) => {
        const beside = other ? otherSuspected : 1 - otherSuspected
        return total + chance * beside * expertChance(rule, world, own, other)
      }, sum)
    }, 0)
  const mixed = (share: number, of: (tier: Tier) => number) => share * of(expert) + (1 - share) * of(vetted)
  return {
    sensitivity: mixed(expertOf(true), (tier) => tier.sensitivity),
    specificity: mixed(expertOf(false), (tier) => tier.specificity),
  }
}

export function whoLooksTable(rows: readonly WhoLooksRow[]): string {
  return [
    'Simulated raters and judge. Medians until an equal candidate is promoted. A rule that promotes at the margin in more than 5 % is not valid.',
    '',
    '| setting | rule | runs | minutes | of anyone | labels | of anyone | at the margin, promoted |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const of = (what: 'minutes' | 'labels') => shareOfBase(rows, 'anyone', row, what)
      return `| ${row.setting} | ${row.rule} | ${row.runs} | ${row.minutes?.toFixed(0) ?? '–'} | ${of('minutes')} | ${row.labels ?? '–'} | ${of('labels')} | ${percent(row.falselyPromoted)} |`
    }),
  ].join('\n')
}
