/**
 * Question  How far can a search against raters with a flaw go before what they like gets worse, does vetting move that point,
 *           does averaging, and does a stop that looks at audits come near the best?
 * World     An answer is worth gold = g - 0.8 max(|e| - 1, 0): quality g, normal, less the harm of an exploit e (Student t, 3
 *           degrees). A rater sees g + b e and noise of 0.6. Flawed raters have b = 0.8, vetted ones 0.1. Averages of three raters
 *           have the same b; the worst of three has b = 0.8, -0.8 and 0.
 * Oracle    The n at which gold is highest in a million draws.
 * Naive     Searching as far as there are samples; the n with the highest estimate.
 * Loses     The worst of three raters who share one flaw: nothing is gained by asking three.
 * Simulated The flaw is the world's; whether people have such flaws is for vetting to find out.
 */
import { bestOfN, bestOfNKlBound, type ScoredSample } from '@leeway/core/divergence/best-of-n'
import { fitOverOptimisation } from '@leeway/core/divergence/over-optimisation'
import { searchSize } from '@leeway/core/divergence/search-size'
import { seededRandom } from '@leeway/core/numeric/seeded-random'

const HARM = 0.8
const NOISE = 0.6
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const
const AUDITS = 500
const ALPHA = 0.1
const SEED = 20_261_124

/** What the search sees, from each rater's score. */
type Panel = {
  readonly name: string
  readonly biases: readonly number[]
  readonly reads: (scores: readonly number[]) => number
}

const mean = (scores: readonly number[]) => scores.reduce((sum, one) => sum + one, 0) / scores.length
const worst = (scores: readonly number[]) => Math.min(...scores)

const PANELS: readonly Panel[] = [
  { name: 'one flawed rater', biases: [0.8], reads: mean },
  { name: 'mean of three with the same flaw', biases: [0.8, 0.8, 0.8], reads: mean },
  { name: 'one vetted rater', biases: [0.1], reads: mean },
  { name: 'worst of three with different flaws', biases: [0.8, -0.8, 0], reads: worst },
  { name: 'worst of three with the same flaw', biases: [0.8, 0.8, 0.8], reads: worst },
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
type StopRow = {
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
    const samples = drawAnswers(panel, draws, seededRandom(SEED + at))
    const found = SIZES.map((n) => bestOfN(samples, n))
    const gold = found.map((one) => one.gold)
    const best = gold.indexOf(Math.max(...gold))
    return {
      name: panel.name,
      gold,
      proxy: found.map((one) => one.proxy),
      peak: SIZES[best] as number,
      explained: explainedBy(gold),
      stops: stopsOf(panel, gold, best, runs, SEED + 100 * (at + 1)),
    }
  })
}

function stopsOf(panel: Panel, gold: readonly number[], best: number, runs: number, seed: number) {
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
      SIZES.indexOf(size(drawAnswers(panel, AUDITS, random)) as (typeof SIZES)[number]),
    )
    const most = (gold[best] as number) - (gold[0] as number)
    const lost = reached.map((size) => ((gold[best] as number) - (gold[size] as number)) / most)
    return { rule, regret: mean(lost), past: reached.filter((size) => size > best + 1).length / runs }
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

function drawAnswers(panel: Panel, count: number, random: () => number): readonly ScoredSample[] {
  return Array.from({ length: count }, () => {
    const quality = normal(random)
    const exploit = student3(random)
    const scores = panel.biases.map((bias) => quality + bias * exploit + NOISE * normal(random))
    return { proxy: panel.reads(scores), gold: quality - HARM * Math.max(Math.abs(exploit) - 1, 0) }
  })
}

/** Box and Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function student3(random: () => number): number {
  const squares = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2
  return normal(random) / Math.sqrt(squares / 3)
}

export function overOptimisationTable(rows: readonly PanelRow[]): string {
  const shown = [1, 4, 64, 1024] as const
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
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
  ].join('\n')
}
