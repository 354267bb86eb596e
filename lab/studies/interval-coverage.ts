/**
 * Question  Do the 95 % intervals of the file commands hold the truth as often as they say, and does the naive interval
 *           beside each of them fail in the same world?
 * World     Labels: failures at a rate p, a judge right with probability a, n human labels among 8 n rows. Agreement: three
 *           raters who see the truth 8 times in 10 and guess otherwise (true kappa .64). Comparisons: two equal players,
 *           raters each with a taste of their own, 20 answers a rater. Episodes: 50 tokens, KL 2.25.
 * Naive     judge's labels taken for the truth; the mean of few labels +- 1.96 standard errors; every pair of ratings its
 *           own item; every comparison independent; every token independent although episodes differ in how far they go.
 * Answer    Share of runs in which the interval held the truth.
 */
import { krippendorffAlpha } from '@leeway/core/agreement/krippendorff'
import { ratingTable } from '@leeway/core/agreement/rating-table'
import { estimateKl } from '@leeway/core/divergence/kl-estimators'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { fitPairwise } from '@leeway/core/pairwise/bradley-terry'
import { ppiMean } from '@leeway/core/prediction-powered/ppi-mean'

const SEED = 20_261_123
const ALPHA = 0.05
const Z = 1.959964

export type CoverageRow = {
  readonly interval: string
  readonly world: string
  readonly runs: number
  /** Share of runs in which ours, and the naive one, held the truth. */
  readonly held: number
  readonly naive: number
}

type Range = { readonly low: number; readonly high: number }
/** One run: ours, the naive one, and what both should hold. */
type Run = { readonly ours: Range; readonly naive: Range; readonly truth: number }

export function intervalCoverage({ runs }: { readonly runs: number }): readonly CoverageRow[] {
  const cell = (
    interval: string,
    world: string,
    play: (random: () => number, run: number) => Run,
  ): CoverageRow => {
    const random = seededRandom(SEED)
    let held = 0
    let naive = 0
    for (let run = 0; run < runs; run++) {
      const found = play(random, run)
      if (found.ours.low <= found.truth && found.truth <= found.ours.high) held += 1
      if (found.naive.low <= found.truth && found.truth <= found.naive.high) naive += 1
    }
    return { interval, world, runs, held: held / runs, naive: naive / runs }
  }
  return [
    ...[
      [60, 0.3, 0.9],
      [120, 0.1, 0.9],
      [300, 0.1, 0.7],
    ].map(([labels = 0, rate = 0, accuracy = 0]) =>
      cell(
        'estimate, against the judge alone',
        `${labels} labels, ${rate * 100} % fail, judge ${accuracy * 100} %`,
        (random) => estimateRun(random, labels, rate, accuracy, 'judge'),
      ),
    ),
    ...[
      [30, 0.05, 0.9],
      [120, 0.02, 0.9],
    ].map(([labels = 0, rate = 0, accuracy = 0]) =>
      cell(
        'estimate, against labels +- 1.96 errors',
        `${labels} labels, ${rate * 100} % fail, judge ${accuracy * 100} %`,
        (random) => estimateRun(random, labels, rate, accuracy, 'labels'),
      ),
    ),
    ...[10, 20, 100].map((items) =>
      cell('agreement (alpha), against pairs as items', `${items} items, 6 raters`, (random, run) =>
        agreementRun(random, items, run),
      ),
    ),
    ...[10, 25, 50].map((raters) =>
      cell('compare, against independent answers', `${raters} raters with a taste of their own`, (random) =>
        compareRun(random, raters),
      ),
    ),
    cell('kl (k1), against independent tokens', '60 episodes of 50 tokens', klRun),
  ]
}

export function coverageTable(rows: readonly CoverageRow[]): string {
  return [
    '| 95 % interval | world | runs | ours held | naive held |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ interval, world, runs, held, naive }) =>
        `| ${interval} | ${world} | ${runs} | ${(held * 100).toFixed(1)} % | ${(naive * 100).toFixed(1)} % |`,
    ),
  ].join('\n')
}

function estimateRun(
  random: () => number,
  labels: number,
  rate: number,
  accuracy: number,
  naive: 'judge' | 'labels',
): Run {
  const rows = Array.from({ length: 8 * labels }, (_, at) => {
    const fails = random() < rate ? 1 : 0
    return { human: at < labels ? fails : null, judge: random() < accuracy ? fails : 1 - fails }
  })
  const found = ppiMean(rows, { alpha: ALPHA, tuning: 'best' })
  const values = rows.flatMap(({ human, judge }) =>
    naive === 'judge' ? [judge] : human === null ? [] : [human],
  )
  return { ours: rangeOf(found), naive: around(values), truth: rate }
}

function agreementRun(random: () => number, items: number, run: number): Run {
  const guess = (): string => {
    const at = random()
    return at < 0.5 ? 'a' : at < 0.8 ? 'b' : 'c'
  }
  const raters = [0, 1, 2, 3, 4, 5]
  const ratings = Array.from({ length: items }, (_, item) => {
    const truth = guess()
    return raters.map((rater) => ({
      item: String(item),
      rater: String(rater),
      value: random() < 0.8 ? truth : guess(),
      cluster: null,
    }))
  }).flat()
  const pairs = ratings.flatMap((one) =>
    ratings
      .filter((other) => other.item === one.item && other.rater > one.rater)
      .flatMap((other) => {
        const item = `${one.item} ${one.rater} ${other.rater}`
        return [
          { ...one, item },
          { ...other, item },
        ]
      }),
  )
  const alpha = (of: typeof ratings): Range =>
    rangeOf(krippendorffAlpha(ratingTable(of, 'nominal', null), { alpha: ALPHA, replicates: 400, seed: run }))
  return { ours: alpha(ratings), naive: alpha(pairs), truth: 0.64 }
}

function compareRun(random: () => number, raters: number): Run {
  const comparisons = Array.from({ length: raters }, (_, rater) => {
    const taste = random() < 0.5 ? 0.75 : 0.25
    return Array.from({ length: 20 }, () => ({
      left: 'A',
      right: 'B',
      outcome: random() < taste ? (1 as const) : (0 as const),
      rater: `rater ${rater}`,
      features: [],
    }))
  }).flat()
  const rating = (of: Parameters<typeof fitPairwise>[0]): Range => {
    const fit = fitPairwise(of, { ties: 'half', features: [], ridge: 0, alpha: ALPHA, reliability: false })
    const player = fit.kind === 'fit' ? fit.components[0]?.[0]?.find(({ name }) => name === 'A') : undefined
    return player ? rangeOf(player.rating) : NOTHING
  }
  return {
    ours: rating(comparisons),
    naive: rating(comparisons.map((comparison) => ({ ...comparison, rater: null }))),
    truth: 0,
  }
}

/** Episodes go different ways: the shift of a token's log ratio has a part common to its episode. */
function klRun(random: () => number): Run {
  const tokens: number[] = []
  const episodes = Array.from({ length: 60 }, () => {
    const far = random() < 0.5 ? 0.2 : 0.4
    const shifts = Array.from({ length: 50 }, () => normal(random) * far - (far * far) / 2)
    tokens.push(...shifts.map((shift) => -shift * 50))
    return { candidate: shifts.map(() => 0), baseline: shifts }
  })
  const found = estimateKl(episodes, ALPHA)
  return {
    ours: found.kind === 'kl' ? rangeOf(found.k1) : NOTHING,
    naive: around(tokens),
    truth: (50 * (0.2 ** 2 + 0.4 ** 2)) / 4,
  }
}

/** Holds nothing: an answer that was not given is not counted as right. */
const NOTHING: Range = { low: 1, high: -1 }

function rangeOf(found: ReturnType<typeof ppiMean> | ReturnType<typeof krippendorffAlpha>): Range {
  if (found.kind === 'insufficient' || found.interval.kind === 'insufficient') return NOTHING
  return found.interval
}

function around(values: readonly number[]): Range {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0)
  const reach = Z * Math.sqrt(variance / values.length)
  return { low: mean - reach, high: mean + reach }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
