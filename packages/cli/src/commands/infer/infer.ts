/** `leeway infer`: what is true of each item, from the ratings of many raters, with core alone. */
import { availableParallelism } from 'node:os'
import { goldPart } from '@leeway/core/inference/gold-part'
import { type InferredTruth, inferTruth } from '@leeway/core/inference/infer-truth'
import { summariseRatings } from '@leeway/core/inference/numeric-ratings'
import { ratingIndex } from '@leeway/core/inference/rating-index'
import { scoreBeliefs } from '@leeway/core/inference/score-beliefs'
import type { EmThreads, TruthMethod } from '@leeway/core/inference/truth-method'
import { type Command, Option } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'
import { emThreads } from './em-threads.ts'
import { cardsOf } from './rater-cards.ts'
import { type RatingsTable, readAnswers, readRatings, sortLabels } from './ratings-table.ts'
import { writeBeliefs, writeNumbers, writeRaters } from './write-estimates.ts'

type Options = {
  readonly method: TruthMethod | 'auto' | 'mean' | 'median'
  readonly gold?: string
  readonly measureShare: number
  readonly truth?: string
  readonly iterations?: number
  readonly seed: number
  readonly threads?: number
  readonly out?: string
  readonly raters?: string
  readonly feature?: readonly string[]
  readonly inOrder?: boolean
  readonly confidence?: string
  readonly json?: boolean
}

type NumericOptions = Options & { readonly method: 'mean' | 'median' }
type ClassOptions = Options & { readonly method: TruthMethod | 'auto' }

/** Below, a thread would hardly have started before the work is done. */
const RATINGS_FOR_THREADS = 1e6
const THREADS_MAX = 4

/** Stands beside the only label that occurs: one answer alone is no evidence that there is no other. */
const OTHER = '(another)'

export function registerInfer(program: Command): void {
  program
    .command('infer')
    .description('the likely truth of each item from the ratings of many raters')
    .argument(
      '<ratings>',
      'CSV or JSON Lines with task (or item), worker (or rater), label (or rating); - is standard input',
    )
    .addOption(
      new Option('--method <method>', 'how ratings become beliefs')
        .choices([
          'auto',
          'majority',
          'dawid-skene',
          'map-ds',
          'one-coin',
          'ebcc',
          'stacked',
          'mean',
          'median',
        ])
        .default('auto'),
    )
    .option('--gold <file>', 'known answers (task,truth): they clamp items, choose the method and temper')
    .option(
      '--measure-share <share>',
      'share of gold set aside by hash, to measure the check with; nothing here reads it',
      numberBetween(0, 1),
      0,
    )
    .option('--truth <file>', 'answers to score against (task,truth); they never influence the estimates')
    .option('--iterations <number>', 'exactly that many', wholeNumber('--iterations', 1e6))
    .option(
      '--threads <number>',
      'how many threads share the work, with the same result (default: all processors, 4 at most, from a million ratings)',
      wholeNumber('--threads', 64),
    )
    .option('--seed <number>', 'seed of random starts', numberBetween(0, 2 ** 31), 1)
    .option('--out <file>', 'write the estimates of the items as CSV')
    .option('--raters <file>', 'write a card of each rater as CSV, and say who err together')
    .option(
      '--feature <columns...>',
      'columns that may move raters, such as words or position (with --raters)',
    )
    .option(
      '--in-order',
      'the rows stand in the order of time: say which raters have changed (with --raters)',
    )
    .option(
      '--confidence <column>',
      'column with how sure the rater said to be, 0 to 1: say what that was worth (with --raters)',
    )
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const started = performance.now()
      const table = await readRatings(path, options.raters === undefined ? {} : options)
      const readSeconds = (performance.now() - started) / 1000
      const report =
        options.method === 'mean' || options.method === 'median'
          ? await numbers(table, { ...options, method: options.method })
          : await classes(table, { ...options, method: options.method })
      const timed = { ...report, readSeconds, totalSeconds: (performance.now() - started) / 1000 }
      if (options.json) printJson(timed)
      else print(timed)
    })
}

async function readGold(
  path: string,
  { seed, measureShare }: ClassOptions,
): Promise<ReadonlyMap<string, string>> {
  const answers = await readAnswers(path)
  return new Map([...answers].filter(([item]) => goldPart(item, seed, measureShare) === 'fit'))
}

function wholeNumber(option: string, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new CommandError(`${option} ${text}`, `give a whole number from 1 to ${most}`)
    return value
  }
}

function threadsFor(ratings: number): number {
  return ratings < RATINGS_FOR_THREADS ? 1 : Math.min(availableParallelism(), THREADS_MAX)
}

async function classes(table: RatingsTable, options: ClassOptions) {
  const threads = options.threads ?? threadsFor(table.label.length)
  const pool = emThreads(threads - 1)
  try {
    return { ...(await inferClasses(table, options, pool)), threads }
  } finally {
    await pool.close()
  }
}

async function inferClasses(table: RatingsTable, options: ClassOptions, threads: EmThreads) {
  const goldAnswers = options.gold === undefined ? null : await readGold(options.gold, options)
  const named = sortLabels([...new Set([...table.classes, ...(goldAnswers?.values() ?? [])])])
  const names = named.length === 1 ? [...named, OTHER] : named.length === 0 ? [OTHER, 'unknown'] : named
  const { item, rater } = table
  const place = Int32Array.from(table.classes, (name) => names.indexOf(name))
  const columns = {
    items: table.items.length,
    raters: table.raters.length,
    classes: names.length,
    item,
    rater,
    label: table.label.map((label) => place[label] as number),
  }
  const index = ratingIndex(columns, threads.allocate)
  const gold = goldAnswers === null ? null : answersByItem(table, goldAnswers, names)
  const started = performance.now()
  const inferred: InferredTruth = inferTruth(index, {
    method: options.method,
    gold,
    iterations: options.iterations ?? null,
    seed: options.seed,
    threads,
  })
  const seconds = (performance.now() - started) / 1000
  if (options.out !== undefined) writeBeliefs(options.out, table.items, names, inferred.logBeliefs)
  const cards =
    options.raters === undefined
      ? null
      : cardsOf(table, names, inferred.logBeliefs, gold, {
          inOrder: options.inOrder === true,
          confidence: table.confidence,
        })
  if (options.raters !== undefined)
    writeRaters(options.raters, table.raters, index, inferred.logBeliefs, cards?.panel ?? null, names)
  // Read after everything that it must not influence.
  const truth =
    options.truth === undefined ? null : answersByItem(table, await readAnswers(options.truth), names)
  const score = truth === null ? null : scoreBeliefs(inferred.logBeliefs, names.length, truth, gold)
  return {
    method: inferred.method,
    items: table.items.length,
    raters: table.raters.length,
    labels: table.label.length,
    abstentions: table.abstentions,
    classes: names,
    iterations: inferred.iterations,
    seconds,
    objective: inferred.objective,
    gold: gold === null ? 0 : gold.reduce((count, known) => count + (known >= 0 ? 1 : 0), 0),
    ...(inferred.chosenBecause === null ? {} : { chosenBecause: inferred.chosenBecause }),
    ...(inferred.temper === null ? {} : { temper: inferred.temper }),
    ...(inferred.goldShift === 0 ? {} : { goldShift: inferred.goldShift }),
    ...(cards === null
      ? {}
      : { independentRaters: cards.panel.dependence.independentRaters, panel: cards.words }),
    ...(score === null ? {} : { scored: score.items, accuracy: score.accuracy, logLoss: score.logLoss }),
  }
}

async function numbers(table: RatingsTable, options: NumericOptions) {
  if (options.gold !== undefined || options.raters !== undefined)
    throw new CommandError(
      `--method ${options.method} uses no gold and knows no raters`,
      'leave out --gold and --raters',
    )
  const values = table.classes.map(Number)
  const odd = table.classes.find((_, at) => !Number.isFinite(values[at]))
  if (odd !== undefined)
    throw new CommandError(
      `label "${plainText(odd)}" is no number, as --method ${options.method} needs`,
      'choose another method',
    )
  const started = performance.now()
  const estimates = summariseRatings(
    table.item,
    Float64Array.from(table.label, (label) => values[label] as number),
    table.items.length,
    options.method,
  )
  const seconds = (performance.now() - started) / 1000
  if (options.out !== undefined) writeNumbers(options.out, table.items, estimates)
  const truth = options.truth === undefined ? null : await readAnswers(options.truth)
  const errors = table.items.flatMap((name, at) => {
    const known = Number(truth?.get(name) ?? Number.NaN)
    const estimate = estimates[at] ?? null
    return estimate === null || !Number.isFinite(known) ? [] : [estimate - known]
  })
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
  return {
    method: options.method,
    items: table.items.length,
    raters: table.raters.length,
    labels: table.item.length,
    abstentions: table.abstentions,
    classes: [],
    iterations: 0,
    seconds,
    objective: [],
    gold: 0,
    ...(errors.length === 0
      ? {}
      : {
          scored: errors.length,
          meanAbsoluteError: mean(errors.map(Math.abs)),
          rootMeanSquaredError: Math.sqrt(mean(errors.map((error) => error * error))),
        }),
  }
}

function answersByItem(
  table: RatingsTable,
  answers: ReadonlyMap<string, string>,
  names: readonly string[],
): Int32Array {
  const place = new Map(names.map((name, at) => [name, at]))
  return Int32Array.from(table.items, (item) => place.get(answers.get(item) ?? '') ?? -1)
}

type Report = (Awaited<ReturnType<typeof classes>> | Awaited<ReturnType<typeof numbers>>) & {
  readonly totalSeconds: number
}

function print(report: Report): void {
  const { items, raters, labels, abstentions, method, iterations, gold, totalSeconds } = report
  printLine(
    `${items} items, ${raters} raters, ${labels} labels${abstentions > 0 ? ` (${abstentions} abstentions)` : ''}${gold > 0 ? `, ${gold} gold items` : ''}`,
  )
  const steps = iterations > 0 ? `, ${iterations} iterations` : ''
  const shared = 'threads' in report && report.threads > 1 ? `, ${report.threads} threads` : ''
  printLine(`method ${method}${steps}${shared}, ${totalSeconds.toFixed(2)} s with reading`)
  if ('chosenBecause' in report) printLine(`chosen because: ${report.chosenBecause}`)
  if ('temper' in report && report.temper !== undefined)
    printLine(`tempered on gold: beliefs to the power ${report.temper.toFixed(2)}`)
  if ('goldShift' in report && report.goldShift !== undefined)
    printLine(
      `the gold items are unlike the others (raters are more, or less, unanimous on them): every other belief is ${(100 * report.goldShift).toFixed(0)} % an even guess; draw gold by lot`,
    )
  if ('logLoss' in report && report.accuracy !== undefined && report.logLoss !== undefined)
    printLine(
      `accuracy ${(100 * report.accuracy).toFixed(1)} %, log loss ${report.logLoss.toFixed(3)} on ${report.scored} items`,
    )
  if ('panel' in report) for (const sentence of report.panel ?? []) printLine(plainText(sentence))
  if ('meanAbsoluteError' in report && report.meanAbsoluteError !== undefined)
    printLine(
      `mean absolute error ${report.meanAbsoluteError.toFixed(3)}, root mean squared ${report.rootMeanSquaredError?.toFixed(3)} on ${report.scored} items`,
    )
}
