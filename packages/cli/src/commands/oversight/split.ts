/** `leeway oversight split`: whether to take a question apart, with core alone. */
import { adviseSplit, type SplitAdvice } from '@leeway/core/oversight/split-question'
import type { Command } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { percent } from '../print-interval.ts'
import { share, wholeNumber } from './share-option.ts'

type Options = {
  readonly whole: number
  readonly part: number
  readonly parts: number
  readonly raters: number
  readonly shared: number
  readonly missing: number
  readonly json?: boolean
}

export function registerOversightSplit(oversight: Command): void {
  oversight
    .command('split')
    .description('whether a question is answered better in parts that must all hold')
    .requiredOption('--whole <accuracy>', 'how often one rater is right on the whole question', share)
    .requiredOption('--part <accuracy>', 'how often one rater is right on one part', share)
    .requiredOption('--parts <n>', 'how many parts', wholeNumber)
    .option('--raters <n>', 'raters for each question, decided by their majority', wholeNumber, 1)
    .option('--shared <share>', 'how often all raters give one common answer, right or wrong', share, 0)
    .option('--missing <share>', 'how often the parts do not cover the question', share, 0)
    .option('--json', 'print JSON')
    .action((options: Options) => {
      const advice = adviseSplit(options)
      if (options.json) printJson(advice)
      else print(advice, options)
    })
}

function print(advice: SplitAdvice, { parts, part }: Options): void {
  printLine(advice.split ? 'Split it.' : 'Do not split it.')
  printLine()
  const row = (name: string, value: string) => printLine(`  ${name.padEnd(22)}${value}`)
  row('whole, right', percent(advice.wholeAccuracy))
  row(`${parts} parts, all right`, percent(advice.splitAccuracy))
  row(
    'a part must be right',
    advice.breakEven === null
      ? 'no accuracy is enough'
      : `${percent(advice.breakEven)} of the time to break even; it is ${percent(part)}`,
  )
  printLine()
  printLine('If errors of the parts do not cancel and the accuracies are measured ones.')
}
