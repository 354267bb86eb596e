/**
 * Question  Do the 95 % intervals of the file commands hold the truth as often as they say, and does the naive interval
 *           beside each of them fail in the same world?
 * World     Labels: failures at a rate p, a judge right with probability a, n human labels among 8 n rows. Agreement: three
 *           raters who see the truth 8 times in 10 and guess otherwise (true kappa .64). Comparisons: two equal players,
 *           raters each with a taste of their own, 20 answers a rater. Episodes: 50 tokens, KL 2.25. "Drawn": all of these
 *           numbers anew in each run.
 * Naive     judge's labels taken for the truth; the mean of few labels +- 1.96 standard errors; every pair of ratings its
 *           own item; every comparison independent; every token independent although episodes differ in how far they go.
 * Oracle    The stated level: an interval that knows the law holds the truth in 95 %.
 * Loses     What each interval assumes is not so: labels are asked for where the judge sees a failure, and given as a random
 *           sample; items come ten alike; raters share their taste in circles of five; one token in 2,500 is one that the
 *           baseline hardly ever says.
 * Answer    Share of runs in which the interval held the truth.
 */
import { krippendorffAlpha } from '@leeway/core/agreement/krippendorff'
import { ratingTable } from '@leeway/core/agreement/rating-table'
import { estimateKl } from '@leeway/core/divergence/kl-estimators'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { fitPairwise } from '@leeway/core/pairwise/bradley-terry'
import { ppiMean } from '@leeway/core/prediction-powered/ppi-mean'
import { percent } from './percent.ts'

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
      cell(ESTIMATE, `${labels} labels, ${rate * 100} % fail, judge ${accuracy * 100} %`, (random) =>
        estimateRun(random, { labels, rate, accuracy }),
      ),
    ),
    cell(ESTIMATE, 'drawn: 60 to 300 labels, 5 to 40 % fail, judge 70 to 95 %', (random) =>
      estimateRun(random, {
        labels: whole(random, 60, 300),
        rate: between(random, 0.05, 0.4),
        accuracy: between(random, 0.7, 0.95),
      }),
    ),
    cell(ESTIMATE, 'loses: 120 labels, three times as often where the judge sees a failure', (random) =>
      estimateRun(random, { labels: 120, rate: 0.1, accuracy: 0.9, flaggedMore: 3 }),
    ),
    ...[
      [30, 0.05, 0.9],
      [120, 0.02, 0.9],
    ].map(([labels = 0, rate = 0, accuracy = 0]) =>
      cell(
        'estimate, against labels +- 1.96 errors',
        `${labels} labels, ${rate * 100} % fail, judge ${accuracy * 100} %`,
        (random) => estimateRun(random, { labels, rate, accuracy, naive: 'labels' }),
      ),
    ),
    ...[10, 20, 100].map((items) =>
      cell(AGREEMENT, `${items} items, 6 raters`, (random, run) =>
        agreementRun(random, run, { items, raters: 6, sees: 0.8 }),
      ),
    ),
    cell(AGREEMENT, 'drawn: 20 to 100 items, 3 to 6 raters who see 60 to 95 %', (random, run) =>
      agreementRun(random, run, {
        items: whole(random, 20, 100),
        raters: whole(random, 3, 6),
        sees: between(random, 0.6, 0.95),
      }),
    ),
    cell(AGREEMENT, 'loses: 100 items that come ten alike, 6 raters', (random, run) =>
      agreementRun(random, run, { items: 100, raters: 6, sees: 0.8, alike: 10 }),
    ),
    ...[10, 25, 50].map((raters) =>
      cell(COMPARE, `${raters} raters with a taste of their own`, (random) =>
        compareRun(random, { raters, answers: 20, taste: 0.25 }),
      ),
    ),
    cell(COMPARE, 'drawn: 10 to 50 raters, 10 to 30 answers, tastes 5 to 40 points from even', (random) =>
      compareRun(random, {
        raters: whole(random, 10, 50),
        answers: whole(random, 10, 30),
        taste: between(random, 0.05, 0.4),
      }),
    ),
    cell(COMPARE, 'loses: 25 raters in circles of five with one taste', (random) =>
      compareRun(random, { raters: 25, answers: 20, taste: 0.25, circle: 5 }),
    ),
    cell(KL, '60 episodes of 50 tokens', (random) =>
      klRun(random, { episodes: 60, tokens: 50, near: 0.2, far: 0.4 }),
    ),
    cell(KL, 'drawn: 30 to 100 episodes of 20 to 80 tokens, log ratios that spread by 0.1 to 0.6', (random) =>
      klRun(random, {
        episodes: whole(random, 30, 100),
        tokens: whole(random, 20, 80),
        near: between(random, 0.1, 0.3),
        far: between(random, 0.3, 0.6),
      }),
    ),
    cell(KL, 'loses: 60 episodes, one token in 2,500 is 50 nats apart', (random) =>
      klRun(random, { episodes: 60, tokens: 50, near: 0.2, far: 0.4, rare: { share: 1 / 2_500, nats: 50 } }),
    ),
  ]
}

const ESTIMATE = 'estimate, against the judge alone'
const AGREEMENT = 'agreement (alpha), against pairs as items'
const COMPARE = 'compare, against independent answers'
const KL = 'kl (k1), against independent tokens'

export function coverageTable(rows: readonly CoverageRow[]): string {
  return [
    '| 95 % interval | world | runs | ours held | naive held |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ interval, world, runs, held, naive }) =>
        `| ${interval} | ${world} | ${runs} | ${percent(held)} | ${percent(naive)} |`,
    ),
  ].join('\n')
}

function estimateRun(
  random: () => number,
  world: {
    readonly labels: number
    readonly rate: number
    readonly accuracy: number
    readonly naive?: 'judge' | 'labels'
    /** How many times as often people are asked where the judge sees a failure; 1: a random sample. */
    readonly flaggedMore?: number
  },
): Run {
  const { labels, rate, accuracy, naive = 'judge', flaggedMore = 1 } = world
  let asked = 0
  const rows = Array.from({ length: 8 * labels }, (_, at) => {
    const fails = random() < rate ? 1 : 0
    const judge = random() < accuracy ? fails : 1 - fails
    const isAsked = flaggedMore === 1 ? at < labels : random() < (judge === 1 ? flaggedMore / 8 : 1 / 8)
    if (isAsked) asked += 1
    return { human: isAsked && asked <= labels ? fails : null, judge }
  })
  const found = ppiMean(rows, { alpha: ALPHA, tuning: 'best' })
  const values = rows.flatMap(({ human, judge }) =>
    naive === 'judge' ? [judge] : human === null ? [] : [human],
  )
  return { ours: rangeOf(found), naive: around(values), truth: rate }
}

function agreementRun(
  random: () => number,
  run: number,
  world: {
    readonly items: number
    readonly raters: number
    /** Share of items of which a rater sees the truth; the others are guessed. */
    readonly sees: number
    /** Items that are one and the same, and answered alike. */
    readonly alike?: number
  },
): Run {
  const { alike = 1, sees } = world
  const guess = (): string => {
    const at = random()
    return at < 0.5 ? 'a' : at < 0.8 ? 'b' : 'c'
  }
  const raters = Array.from({ length: world.raters }, (_, rater) => String(rater))
  const ratings = Array.from({ length: world.items / alike }, (_, kind) => {
    const truth = guess()
    const answers = raters.map((rater) => ({ rater, value: random() < sees ? truth : guess() }))
    return Array.from({ length: alike }, (__, at) =>
      answers.map((answer) => ({ ...answer, item: `${kind}.${at}`, cluster: null })),
    ).flat()
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
  return { ours: alpha(ratings), naive: alpha(pairs), truth: sees ** 2 }
}

function compareRun(
  random: () => number,
  world: {
    readonly raters: number
    readonly answers: number
    /** How far a rater's probability is from a half, to either side. */
    readonly taste: number
    /** Raters who share one taste. */
    readonly circle?: number
  },
): Run {
  const { circle = 1 } = world
  let taste = 0.5
  const comparisons = Array.from({ length: world.raters }, (_, rater) => {
    if (rater % circle === 0) taste = random() < 0.5 ? 0.5 + world.taste : 0.5 - world.taste
    return Array.from({ length: world.answers }, () => ({
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

/** Episodes go one of two ways: the shift of a token's log ratio has a part common to its episode. */
function klRun(
  random: () => number,
  world: {
    readonly episodes: number
    readonly tokens: number
    readonly near: number
    readonly far: number
    /** Tokens that the baseline hardly ever says, and by how much. */
    readonly rare?: { readonly share: number; readonly nats: number }
  },
): Run {
  const { episodes: count, tokens: length, near, far, rare = { share: 0, nats: 0 } } = world
  const tokens: number[] = []
  const episodes = Array.from({ length: count }, () => {
    const apart = random() < 0.5 ? near : far
    const shifts = Array.from({ length }, () => {
      const shift = normal(random) * apart - (apart * apart) / 2
      return rare.share > 0 && random() < rare.share ? shift - rare.nats : shift
    })
    tokens.push(...shifts.map((shift) => -shift * length))
    return { candidate: shifts.map(() => 0), baseline: shifts }
  })
  const found = estimateKl(episodes, ALPHA)
  return {
    ours: found.kind === 'kl' ? rangeOf(found.k1) : NOTHING,
    naive: around(tokens),
    truth: length * ((near ** 2 + far ** 2) / 4 + rare.share * rare.nats),
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

function between(random: () => number, low: number, high: number): number {
  return low + (high - low) * random()
}

function whole(random: () => number, low: number, high: number): number {
  return low + Math.floor((high - low + 1) * random())
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
