/** `leeway estimate`: a failure rate from few human labels and many cheap ones, from a file, with core alone. */
import type { Insufficient } from '@leeway/core/numeric/insufficient'
import { activeMean } from '@leeway/core/prediction-powered/active-mean'
import { bettingActiveMean, bettingMean } from '@leeway/core/prediction-powered/betting-mean'
import { type MeanEstimate, pValuesAt } from '@leeway/core/prediction-powered/mean-estimate'
import { ppiMean } from '@leeway/core/prediction-powered/ppi-mean'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'
import { percent } from '../print-interval.ts'
import { askLabels } from './ask-labels.ts'
import { type JudgedFile, readJudgedFile } from './judged-file.ts'

type Options = {
  readonly alpha: number
  readonly anytime?: boolean
  readonly null?: number
  readonly ask?: number
  readonly out?: string
  readonly seed: number
  readonly json?: boolean
}

export function registerEstimate(program: Command): void {
  program
    .command('estimate')
    .description('a failure rate from few human labels and many of a judge, with an interval')
    .argument(
      '<labels>',
      'CSV or JSON Lines with human (may be empty), judge[, probability], each 0 to 1; - is standard input',
    )
    .option('--alpha <rate>', 'probability that the interval misses', numberBetween(0, 1, 'above'), 0.05)
    .option('--anytime', 'an interval that holds at every look; rows in the order of selection')
    .option('--null <rate>', 'also print p-values against this rate', numberBetween(0, 1))
    .option(
      '--ask <labels>',
      'write a file that asks for about so many more labels, where they say most',
      numberBetween(0, 1e9, 'above'),
    )
    .option('--out <file>', 'where --ask writes; fill in its column human and estimate from it')
    .option('--seed <number>', 'seed of the draw of --ask', numberBetween(0, 2 ** 32), 1)
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const file = await readJudgedFile(path)
      if (options.ask !== undefined) return ask(file, options.ask, options)
      const result = estimate(file, options)
      if (options.json) printJson(result)
      else print(result)
    })
}

async function ask(file: JudgedFile, budget: number, options: Options): Promise<void> {
  if (options.out === undefined)
    throw new CommandError('--ask needs --out', 'name the file to write, for example --out ask.csv')
  const asked = await askLabels(file, budget, options.seed, options.out)
  if (options.json) return printJson(asked)
  printLine(
    `${asked.labelsAsked} of ${asked.rows} labels are asked for in ${plainText(asked.out)} (column ask).`,
  )
  printLine(
    `Each is worth ${asked.worth.toFixed(2)} evenly drawn ones, if the judge's calibration on ${asked.calibratedOn} labels is right.`,
  )
  printLine('Fill in the column human where ask is 1, nowhere else; then: leeway estimate on that file.')
}

function estimate(file: JudgedFile, options: Options) {
  const { rows } = file
  const labels = rows.flatMap((row) => (row.human === null ? [] : [row]))
  const found = corrected(file, options)
  const human = file.kind === 'sampled evenly' ? ppiMean(labels, { alpha: options.alpha, tuning: 0 }) : null
  return {
    rows: rows.length,
    labels: labels.length,
    level: 1 - options.alpha,
    anytime: options.anytime === true,
    sampling: file.kind === 'sampled evenly' ? 'even' : 'probability',
    rate: found,
    /** What the labels say without the judge; not computed where labels were asked for unevenly. */
    humanAlone: human,
    judgeAlone: rows.length === 0 ? null : rows.reduce((sum, { judge }) => sum + judge / rows.length, 0),
    labelsSaved: human === null ? null : labelsSaved(found, human, labels.length),
    pValues:
      options.null === undefined || found.kind === 'insufficient' ? null : pValuesAt(found, options.null),
  }
}

function corrected(
  file: JudgedFile,
  options: Options,
): (MeanEstimate & { largestShare?: number }) | Insufficient {
  if (file.kind === 'sampled evenly')
    return options.anytime
      ? bettingMean(file.rows, options.alpha, null)
      : ppiMean(file.rows, { alpha: options.alpha, tuning: 'best' })
  return options.anytime
    ? bettingActiveMean(file.rows, options.alpha, null)
    : activeMean(file.rows, options.alpha)
}

/** How many more labels alone would give the same standard error; null where it cannot be said. */
function labelsSaved(
  found: MeanEstimate | Insufficient,
  human: MeanEstimate | Insufficient,
  labels: number,
): number | null {
  if (found.kind === 'insufficient' || human.kind === 'insufficient') return null
  if (found.method.name === 'betting' || human.method.name === 'betting') return null
  if (found.method.standardError === 0) return null
  return labels * ((human.method.standardError / found.method.standardError) ** 2 - 1)
}

function print(result: ReturnType<typeof estimate>): void {
  const { rate } = result
  if (rate.kind === 'insufficient') {
    printLine(`Unknown: ${rate.reason}.`)
    return
  }
  printLine(
    `${points(rate)}, with ${percent(result.level)} confidence${result.anytime ? ' at every look' : ''}`,
  )
  printLine()
  const row = (name: string, value: string) => printLine(`  ${name.padEnd(18)}${value}`)
  row('rows', `${result.rows}, ${result.labels} with a human label`)
  row('method', METHOD[rate.method.name])
  if (rate.method.name === 'betting') {
    if (rate.method.because !== null) row('why', rate.method.because)
  } else {
    row('standard error', hundred(rate.method.standardError))
    if (rate.method.name === 'prediction-powered') row('judge believed', percent(rate.method.tuning))
  }
  if (result.humanAlone !== null && result.humanAlone.kind === 'estimate')
    row('labels alone', points(result.humanAlone))
  if (result.judgeAlone !== null) row('judge alone', `${hundred(result.judgeAlone)} % (not corrected)`)
  if (result.labelsSaved !== null) row('labels saved', String(Math.round(result.labelsSaved)))
  if (result.pValues !== null)
    row(
      'p-values',
      `${result.pValues.twoSided.toPrecision(3)} (differs), ${result.pValues.larger.toPrecision(3)} (larger), ${result.pValues.smaller.toPrecision(3)} (smaller)`,
    )
  if ((rate.largestShare ?? 0) > 0.2)
    row(
      'beware',
      `one label carries ${percent(rate.largestShare ?? 0)} of the uncertainty; ask for more where the judge is sure`,
    )
  printLine()
  printLine(
    result.sampling === 'even'
      ? 'Right where the labelled rows are a random part of all rows.'
      : 'Right where each label was asked for with the probability given, fixed before the draw.',
  )
}

const METHOD: Record<MeanEstimate['method']['name'], string> = {
  human: 'the human labels alone',
  'prediction-powered': 'judge corrected by human labels (PPI++)',
  active: 'judge corrected by labels sampled with known probability',
  betting: 'betting bounds, valid for any number of labels',
}

function points({ value, interval }: MeanEstimate): string {
  return `${hundred(value)} % (${hundred(interval.low)} to ${hundred(interval.high)})`
}

function hundred(rate: number): string {
  return (rate * 100).toFixed(2)
}
