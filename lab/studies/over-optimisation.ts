/**
 * Question  How far can a search against raters with a flaw go before what they like gets worse, does vetting move that point,
 *           does averaging, and does a stop that looks at audits come near the best?
 * World     An answer is worth gold = g - 0.8 max(|e| - 1, 0): quality g, normal, less the harm of an exploit e (Student t, 3
 *           degrees). A rater sees g + b e and noise of 0.6. Flawed raters have b = 0.8, vetted ones 0.1. Averages of three raters
 *           have the same b; the worst of three has b = 0.8, -0.8 and 0. Critiques point out three of four harmful exploits
 *           (|e| > 1), and the flawed rater then sees those with b = 0.1.
 * Drawn     Forty worlds more: harm 0.4 to 1.2, noise 0.3 to 1, tails of 3 to 8 degrees, one rater with b from 0.05 to 1.2.
 * Oracle    The n at which gold is highest in a million draws.
 * Naive     Searching as far as there are samples; the n with the highest estimate.
 * Loses     The worst of three raters who share one flaw: nothing is gained by asking three.
 *           Critiques: the peak is higher and gold falls past it all the same; there the rule stops too late more often.
 * Simulated The flaw is the world's; whether people have such flaws is for vetting to find out.
 */
import { bestOfN, bestOfNKlBound, type ScoredSample } from '@leeway/core/divergence/best-of-n'
import { fitOverOptimisation } from '@leeway/core/divergence/over-optimisation'
import { searchSize } from '@leeway/core/divergence/search-size'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { percent } from './percent.ts'
import { mean } from './truth-inference.ts'

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const
const VETTED_BIAS = 0.1
const AUDITS = 500
const ALPHA = 0.1
const SEED = 20_261_124

/** What answers do to the raters of a world. */
type World = { readonly harm: number; readonly noise: number; readonly degrees: number }
const WORLD: World = { harm: 0.8, noise: 0.6, degrees: 3 }

/** What the search sees, from each rater's score. */
type Panel = {
  readonly name: string
  readonly biases: readonly number[]
  /** Share of harmful exploits that a critic points out; the rater then sees them as a vetted one does. */
  readonly pointedOut?: number
  readonly reads: (scores: readonly number[]) => number
}

const worst = (scores: readonly number[]) => Math.min(...scores)

const PANELS: readonly Panel[] = [
  { name: 'one flawed rater', biases: [0.8], reads: mean },
  { name: 'mean of three with the same flaw', biases: [0.8, 0.8, 0.8], reads: mean },
  { name: 'one vetted rater', biases: [VETTED_BIAS], reads: mean },
  { name: 'worst of three with different flaws', biases: [0.8, -0.8, 0], reads: worst },
  { name: 'worst of three with the same flaw', biases: [0.8, 0.8, 0.8], reads: worst },
  { name: 'one flawed rater with critiques', biases: [0.8], pointedOut: 0.75, reads: mean },
]

export type PanelRow = {
  readonly name: string
  /** At each of SIZES. */
  readonly gold: readonly number[]
  readonly proxy: readonly number[]
  readonly peak: number
  /** Share of the variance of gold over d that the form d (a - b d) explains; null where it cannot be fitted. */
  readonly explained: number | null
  readonly stops: readonly StopRow[]
}

/** Of the gain that the oracle makes over n = 1. */
export type StopRow = {
  readonly rule: string
  readonly regret: number
  /** Runs that searched more than one doubling past the peak. */
  readonly past: number
}

export function overOptimisation({
  draws,
  runs,
}: {
  readonly draws: number
  readonly runs: number
}): readonly PanelRow[] {
  return PANELS.map((panel, at) => {
    const samples = drawAnswers(panel, WORLD, draws, seededRandom(SEED + at))
    const found = SIZES.map((n) => bestOfN(samples, n))
    const gold = found.map((one) => one.gold)
    const best = gold.indexOf(Math.max(...gold))
    return {
      name: panel.name,
      gold,
      proxy: found.map((one) => one.proxy),
      peak: SIZES[best] as number,
      explained: explainedBy(gold),
      stops: stopsOver([lossesOf({ panel, world: WORLD, gold, best }, runs, SEED + 100 * (at + 1))]),
    }
  })
}

/** Worlds that are drawn, `runs` searches in each: what the same rules lose over all of them. */
export function drawnWorlds(size: {
  readonly worlds: number
  readonly draws: number
  readonly runs: number
}): readonly StopRow[] {
  const worlds = Array.from({ length: size.worlds }, (_, at) => {
    const seed = SEED + 1_000 * (at + 1)
    const random = seededRandom(seed)
    const between = (low: number, high: number) => low + (high - low) * random()
    const world = { harm: between(0.4, 1.2), noise: between(0.3, 1), degrees: 3 + Math.floor(6 * random()) }
    const panel = { name: 'drawn', biases: [between(0.05, 1.2)], reads: mean }
    const samples = drawAnswers(panel, world, size.draws, random)
    const gold = SIZES.map((n) => bestOfN(samples, n).gold)
    return lossesOf({ panel, world, gold, best: gold.indexOf(Math.max(...gold)) }, size.runs, seed)
  })
  return stopsOver(worlds)
}

/** Mean loss of gold by a rule, beside the oracle's gain over n = 1, which is 0 where no search is worth it. */
type Loss = { readonly rule: string; readonly lost: number; readonly gain: number; readonly past: number }

/** Loss over gain of all worlds together: in one world alone there may be nothing to gain. */
function stopsOver(worlds: readonly (readonly Loss[])[]): readonly StopRow[] {
  return (worlds[0] ?? []).map(({ rule }, at) => {
    const over = worlds.flatMap((losses) => losses[at] ?? [])
    const regret = mean(over.map(({ lost }) => lost)) / mean(over.map(({ gain }) => gain))
    return { rule, regret, past: mean(over.map(({ past }) => past)) }
  })
}

type Search = {
  readonly panel: Panel
  readonly world: World
  /** At each of SIZES, and where it is highest. */
  readonly gold: readonly number[]
  readonly best: number
}

function lossesOf({ panel, world, gold, best }: Search, runs: number, seed: number): readonly Loss[] {
  const rules: { readonly rule: string; readonly size: (samples: readonly ScoredSample[]) => number }[] = [
    {
      rule: 'largest lower bound',
      size: (samples) => {
        const found = searchSize([samples], { alpha: ALPHA, replicates: 200, seed })
        return found.kind === 'size' ? found.n : 1
      },
    },
    { rule: 'largest estimate', size: largestEstimate },
    { rule: 'no audits: all the way', size: () => SIZES.at(-1) as number },
  ]
  return rules.map(({ rule, size }, at) => {
    const random = seededRandom(seed + at)
    const reached = Array.from({ length: runs }, () =>
      SIZES.indexOf(size(drawAnswers(panel, world, AUDITS, random)) as (typeof SIZES)[number]),
    )
    const lost = reached.map((size) => (gold[best] as number) - (gold[size] as number))
    const gain = (gold[best] as number) - (gold[0] as number)
    return { rule, lost: mean(lost), gain, past: reached.filter((size) => size > best + 1).length / runs }
  })
}

function largestEstimate(samples: readonly ScoredSample[]): number {
  const sizes = SIZES.filter((n) => n <= samples.length)
  const found = sizes.map((n) => bestOfN(samples, n).gold)
  return sizes[found.indexOf(Math.max(...found))] as number
}

function explainedBy(gold: readonly number[]): number | null {
  const points = SIZES.map((n, at) => ({
    kl: bestOfNKlBound(n),
    gain: (gold[at] as number) - (gold[0] as number),
    weight: 1,
    group: 'all',
  }))
  const curve = fitOverOptimisation(points, 'best-of-n', { alpha: 0.05, replicates: 1, seed: 1 })
  if (curve.kind === 'insufficient') return null
  const average = mean(points.map(({ gain }) => gain))
  let left = 0
  let all = 0
  for (const { kl, gain } of points) {
    const d = Math.sqrt(kl)
    left += (gain - d * (curve.a - curve.b * d)) ** 2
    all += (gain - average) ** 2
  }
  return 1 - left / all
}

function drawAnswers(
  panel: Panel,
  { harm, noise, degrees }: World,
  count: number,
  random: () => number,
): readonly ScoredSample[] {
  return Array.from({ length: count }, () => {
    const quality = normal(random)
    const exploit = student(degrees, random)
    const told = panel.pointedOut !== undefined && Math.abs(exploit) > 1 && random() < panel.pointedOut
    const scores = panel.biases.map(
      (bias) => quality + (told ? VETTED_BIAS : bias) * exploit + noise * normal(random),
    )
    return { proxy: panel.reads(scores), gold: quality - harm * Math.max(Math.abs(exploit) - 1, 0) }
  })
}

/** Box and Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function student(degrees: number, random: () => number): number {
  let squares = 0
  for (let at = 0; at < degrees; at++) squares += normal(random) ** 2
  return normal(random) / Math.sqrt(squares / degrees)
}

export function overOptimisationTable(rows: readonly PanelRow[], drawn: readonly StopRow[]): string {
  const shown = [1, 4, 64, 1024] as const
  return [
    'Simulated raters.',
    '',
    `| what is searched | ${shown.map((n) => `gold, n = ${n}`).join(' | ')} | its own score, n = 1024 | gold highest at n | d (a - b d) explains |`,
    `|---|${shown.map(() => '---|').join('')}---|---|---|`,
    ...rows.map(
      ({ name, gold, proxy, peak, explained }) =>
        `| ${name} | ${shown.map((n) => (gold[SIZES.indexOf(n)] as number).toFixed(2)).join(' | ')} | ${(proxy.at(-1) as number).toFixed(2)} | ${peak} | ${explained === null ? '–' : percent(explained)} |`,
    ),
    '',
    `With ${AUDITS} audited samples to choose n from; regret is a share of the oracle's gain over n = 1.`,
    '',
    '| what is searched | rule | regret | runs more than a doubling past the peak |',
    '|---|---|---|---|',
    ...rows.flatMap(({ name, stops }) =>
      stops.map(({ rule, regret, past }) => `| ${name} | ${rule} | ${percent(regret)} | ${percent(past)} |`),
    ),
    ...drawn.map(({ rule, regret, past }) => `| drawn | ${rule} | ${percent(regret)} | ${percent(past)} |`),
  ].join('\n')
}
