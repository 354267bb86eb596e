/**
 * Question  Do answers become better when only vetted raters count, and what does it cost in known answers and in raters lost?
 * World     60 raters drawn from a mixture: careful (right with probability 0.95 to 0.85), middling (0.82 to 0.7) and careless
 *           (0.6 to 0.5) ones, in three mixtures; one where all are alike, just above the bar; and one where the careful become
 *           careless once nobody looks. Each meets up to 40 known answers, looked at after each, then answers 100 questions.
 * Compared  everybody; a cut at 8 of the first 10 known answers (the naive rule); the vetting test of core
 *           at bars of 0.65 and 0.75 (5 %); an oracle that knows everybody's skill.
 * Answer    Share of wrong answers among those that count, share kept of the raters at or below 0.65, and of those above, and known answers spent a rater. Fails where ours keeps more than 5 % of the
 *           raters at or below its bar.
 * Loses     Where all are just above the bar: ours keeps few, and little is gained. Where skill falls later: known answers before
 *           work say nothing of it; that is what the hidden ones among work are for.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { testSkill } from '@leeway/core/raters/skill-test'
import { COST_HEAD, costCells, type PerError, PRICE_WORDS, perErrorRemoved } from './cost-of-oversight.ts'
import { percent } from './percent.ts'

const POOR = 0.65
const BARS = { floor: 0.5, alpha: 0.05 }
const RATERS = 60
const KNOWN_MAX = 40
const ANSWERS = 100
/** Assumed. */
const KNOWN_MINUTES = 1
const EVERYBODY = 'everybody'
/** Gains of less than this are none: two standard errors of 200 panels of which one rater in thirty counts. */
const POINTS_MIN = 0.005
const SEED = 20_261_124

type Band = readonly [low: number, high: number]
type World = {
  readonly name: string
  readonly mixture: readonly { readonly share: number; readonly skill: Band }[]
  /** Skill of those who were careful, after the known answers. */
  readonly later?: Band
}
const CAREFUL: Band = [0.85, 0.95]
const MIDDLING: Band = [0.7, 0.82]
const CARELESS: Band = [0.5, 0.6]
const mixture = (careful: number, middling: number, careless: number) => [
  { share: careful, skill: CAREFUL },
  { share: middling, skill: MIDDLING },
  { share: careless, skill: CARELESS },
]
const WORLDS: readonly World[] = [
  { name: 'mostly careful', mixture: mixture(0.7, 0.2, 0.1) },
  { name: 'mixed', mixture: mixture(0.4, 0.3, 0.3) },
  { name: 'mostly careless', mixture: mixture(0.2, 0.2, 0.6) },
  { name: 'all just above the bar', mixture: [{ share: 1, skill: [0.66, 0.68] }] },
  { name: 'careful until nobody looks', mixture: mixture(0.4, 0.3, 0.3), later: CARELESS },
]

type Rule = {
  readonly name: string
  /** Given known answers in the order met, right or not: whether the rater counts, and how many were needed. */
  readonly keeps: (
    known: readonly boolean[],
    skill: number,
  ) => { readonly kept: boolean; readonly spent: number }
}
const RULES: readonly Rule[] = [
  { name: EVERYBODY, keeps: () => ({ kept: true, spent: 0 }) },
  {
    name: '8 of 10',
    keeps: (known) => ({ kept: known.slice(0, 10).filter(Boolean).length >= 8, spent: 10 }),
  },
  { name: 'vetting, bar 0.65', keeps: (known) => vetted(known, 0.65) },
  { name: 'vetting, bar 0.75', keeps: (known) => vetted(known, 0.75) },
  { name: 'oracle', keeps: (_, skill) => ({ kept: skill > POOR, spent: 0 }) },
]

function vetted(known: readonly boolean[], bar: number): { readonly kept: boolean; readonly spent: number } {
  let right = 0
  for (const [at, isRight] of known.entries()) {
    if (isRight) right += 1
    const { verdict } = testSkill(right, at + 1, { ...BARS, bar })
    if (verdict !== 'undecided') return { kept: verdict === 'vetted', spent: at + 1 }
  }
  return { kept: false, spent: known.length }
}

export type VettingRow = {
  readonly world: string
  readonly rule: string
  /** Of answers that count; null where nobody is kept. */
  readonly wrong: number | null
  /** Of raters at or below 0.65, those kept. */
  readonly poorKept: number
  readonly goodKept: number
  readonly known: number
}

export function vettingStudy(panels: number): readonly VettingRow[] {
  return WORLDS.flatMap((world, index) =>
    RULES.map((rule) => {
      const random = seededRandom(SEED + index)
      const count = { wrong: 0, answers: 0, poor: 0, poorKept: 0, good: 0, goodKept: 0, known: 0 }
      for (let rater = 0; rater < panels * RATERS; rater++) {
        const band = draw(world, random())
        const skill = within(band, random())
        const known = Array.from({ length: KNOWN_MAX }, () => random() < skill)
        const laterSkill =
          band === CAREFUL && world.later !== undefined ? within(world.later, random()) : skill
        const wrong = Array.from({ length: ANSWERS }, () => random() >= laterSkill).filter(Boolean).length
        const { kept, spent } = rule.keeps(known, skill)
        const isGood = skill > POOR
        count[isGood ? 'good' : 'poor'] += 1
        count.known += spent
        if (!kept) continue
        count[isGood ? 'goodKept' : 'poorKept'] += 1
        count.wrong += wrong
        count.answers += ANSWERS
      }
      return {
        world: world.name,
        rule: rule.name,
        wrong: count.answers === 0 ? null : count.wrong / count.answers,
        poorKept: count.poor === 0 ? 0 : count.poorKept / count.poor,
        goodKept: count.good === 0 ? 0 : count.goodKept / count.good,
        known: count.known / (panels * RATERS),
      }
    }),
  )
}

export function vettingTable(rows: readonly VettingRow[]): string {
  const shareOf = (share: number | null) => (share === null ? 'nobody' : percent(share))
  return [
    `Simulated raters. Cost of one wrong answer less than where everybody counts, for as many answers: ${KNOWN_MINUTES} minute a known answer, ${PRICE_WORDS}; no model is asked.`,
    '',
    `| world | who counts | wrong answers | poor raters kept | good raters kept | known answers a rater | ${COST_HEAD.join(' | ')} |`,
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.world} | ${row.rule} | ${shareOf(row.wrong)} | ${shareOf(row.poorKept)} | ${shareOf(row.goodKept)} | ${row.known.toFixed(1)} | ${row.rule === EVERYBODY ? '– | – | –' : costCells(costOf(row, rows)).join(' | ')} |`,
    ),
  ].join('\n')
}

/** Known answers are spent on every rater, also on those who are not kept; null where nobody is kept. */
function costOf({ world, wrong, known }: VettingRow, rows: readonly VettingRow[]): PerError | null {
  const everybody = rows.find((row) => row.world === world && row.rule === EVERYBODY)?.wrong ?? null
  if (wrong === null || everybody === null) return null
  const gain = everybody - wrong
  return perErrorRemoved((gain > POINTS_MIN ? gain : 0) * ANSWERS, {
    minutes: known * KNOWN_MINUTES,
    tokens: 0,
  })
}

function draw({ mixture: bands }: World, at: number): Band {
  let sum = 0
  for (const { share, skill } of bands) {
    sum += share
    if (at < sum) return skill
  }
  return bands.at(-1)?.skill ?? CAREFUL
}

const within = ([low, high]: Band, at: number) => low + (high - low) * at
