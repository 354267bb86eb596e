/** `leeway agreement`: how far raters agree beyond chance, from a file, with core alone. */
import { type CohenWeights, cohenKappa, itemsInCommon } from '@leeway/core/agreement/cohen'
import { fleissKappa, gwetAC1 } from '@leeway/core/agreement/kappa'
import { krippendorffAlpha } from '@leeway/core/agreement/krippendorff'
import { isNumber, type RatingTable, ratingTable, type Scale } from '@leeway/core/agreement/rating-table'
import { replicatesFor } from '@leeway/core/numeric/cluster-bootstrap'
import { type Command, Option } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'
import { percent, withInterval } from '../print-interval.ts'
import { type RatingsFile, readRatingsFile } from './ratings-file.ts'

type Options = {
  readonly scale: Scale
  readonly order?: string
  readonly alpha: number
  readonly seed: number
  readonly json?: boolean
}

/** More raters than this make more pairs than anybody reads; the other statistics are for many raters. */
const PAIRED_RATERS_MAX = 40

/** Pairs in print; all of them are in the JSON. */
const PAIRS_SHOWN = 30

/** Resamples over all pairs together: a few seconds. */
const PAIR_DRAWS_MAX = 2e8

export function registerAgreement(program: Command): void {
  program
    .command('agreement')
    .description('how far raters agree beyond chance: Krippendorff, Fleiss, Cohen, Gwet, with intervals')
    .argument('<ratings>', 'CSV or JSON Lines with item, rater, rating[, cluster]; - is standard input')
    .addOption(
      new Option('--scale <scale>', 'what distances between ratings mean')
        .choices(['nominal', 'ordinal', 'interval', 'ratio'])
        .default('nominal'),
    )
    .option('--order <a,b,c>', 'ratings from lowest to highest, where they are words')
    .option('--alpha <rate>', 'probability that an interval misses', numberBetween(0, 1, 'above'), 0.05)
    .option('--seed <number>', 'seed of the bootstrap', numberBetween(0, 2 ** 32), 1)
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const file = await readRatingsFile(path)
      const measured = measure(file, options)
      if (options.json) printJson(measured)
      else print(measured)
    })
}

function measure({ ratings, missing }: RatingsFile, options: Options) {
  const table = ratingTable(
    ratings,
    options.scale,
    orderOf(
      ratings.map((rating) => rating.value),
      options,
    ),
  )
  const clusters = new Set(table.items.map(({ cluster }) => cluster)).size
  const replicates = replicatesFor(clusters)
  const interval = { alpha: options.alpha, seed: options.seed, replicates }
  return {
    scale: table.scale,
    items: table.items.length,
    raters: table.raters.length,
    ratings: ratings.length,
    missing,
    categories: table.categories,
    clusters,
    level: 1 - options.alpha,
    replicates,
    krippendorffAlpha: krippendorffAlpha(table, interval),
    fleissKappa: fleissKappa(table, interval),
    gwetAC1: gwetAC1(table, interval),
    cohenKappa: pairs(table, { alpha: options.alpha, seed: options.seed }, clusters),
  }
}

function pairs(table: RatingTable, options: { alpha: number; seed: number }, clusters: number) {
  const raters = table.raters.length
  if (raters > PAIRED_RATERS_MAX) return null
  const count = (raters * (raters - 1)) / 2
  const replicates = Math.round(
    Math.min(2000, Math.max(200, PAIR_DRAWS_MAX / (3 * Math.max(1, count) * Math.max(1, clusters)))),
  )
  return table.raters.flatMap((first, a) =>
    table.raters.slice(a + 1).map((second, offset) => {
      const pair = [a, a + 1 + offset] as const
      const kappa = (weights: CohenWeights) => cohenKappa(table, pair, weights, { ...options, replicates })
      return {
        raters: [first, second] as const,
        items: itemsInCommon(table, pair),
        plain: kappa('plain'),
        linear: kappa('linear'),
        quadratic: kappa('quadratic'),
      }
    }),
  )
}

function orderOf(values: readonly string[], options: Options): readonly string[] | null {
  if (options.order === undefined) {
    const word = options.scale === 'nominal' ? undefined : values.find((value) => !isNumber(value))
    if (word !== undefined)
      throw new CommandError(
        `rating "${plainText(word)}" is no number, as --scale ${options.scale} needs`,
        options.scale === 'ordinal' ? 'say --order lowest,…,highest' : 'say --scale nominal or ordinal',
      )
    const negative = options.scale === 'ratio' ? values.find((value) => Number(value) < 0) : undefined
    if (negative !== undefined)
      throw new CommandError(
        `rating ${negative} is below 0`,
        'a ratio scale starts at 0; say --scale interval',
      )
    return null
  }
  if (options.scale === 'interval' || options.scale === 'ratio')
    throw new CommandError(`--order has no meaning for --scale ${options.scale}`, 'leave it out')
  const order = options.order.split(',').map((name) => name.trim())
  if (new Set(order).size !== order.length || order.includes(''))
    throw new CommandError(
      `--order "${plainText(options.order)}" has an empty or repeated name`,
      'name each rating once',
    )
  const unknown = values.find((value) => !order.includes(value))
  if (unknown !== undefined)
    throw new CommandError(
      `rating "${plainText(unknown)}" is not in --order`,
      'name every rating that occurs',
    )
  return order
}

function print(measured: ReturnType<typeof measure>): void {
  const { items, raters, ratings, missing, cohenKappa: cohen } = measured
  printLine(
    `${items} items, ${raters} raters, ${ratings} ratings${missing > 0 ? ` (${missing} missing)` : ''}, ${measured.categories.length} different ones, ${measured.scale} scale; ${percent(measured.level)} intervals over items`,
  )
  printLine()
  const row = (name: string, value: string) => printLine(`  ${name.padEnd(22)}${value}`)
  row('Krippendorff alpha', withInterval(measured.krippendorffAlpha))
  row('Fleiss kappa', withInterval(measured.fleissKappa))
  row('Gwet AC1', withInterval(measured.gwetAC1))
  printLine()
  if (cohen === null) {
    printLine(`Cohen's kappa of each pair is left out: more than ${PAIRED_RATERS_MAX} raters.`)
  } else if (cohen.length > 0) {
    printTable(
      ['raters', 'items', "Cohen's kappa", 'linear', 'quadratic'],
      [...cohen]
        .sort((a, b) => kappaOf(a) - kappaOf(b))
        .slice(0, PAIRS_SHOWN)
        .map((pair) => [
          plainText(pair.raters.join(', ')),
          String(pair.items),
          withInterval(pair.plain),
          short(pair.linear),
          short(pair.quadratic),
        ]),
    )
    printLine()
  }
  printLine(
    'The intervals speak of other items with these raters. AC1 beside a low Fleiss kappa: one answer is rare.',
  )
}

/** Pairs without a value come last. */
function kappaOf({ plain }: NonNullable<ReturnType<typeof measure>['cohenKappa']>[number]): number {
  return plain.kind === 'estimate' ? plain.value : 2
}

function short(estimate: Parameters<typeof withInterval>[0]): string {
  return estimate.kind === 'insufficient' ? '–' : estimate.value.toFixed(3)
}
