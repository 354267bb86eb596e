/** `leeway kl`: how far a candidate is from the baseline, and what search buys, from a file, with core alone. */
import type { Command } from 'commander'
import { Option } from 'commander'
import { printJson } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'
import { choicesReport, printChoices } from './choices-report.ts'
import { readKlFile } from './kl-file.ts'
import type { KlOptions } from './kl-options.ts'
import { curveReport, printCurve, printSearch, searchReport } from './search-report.ts'
import { printTokens, tokensReport } from './tokens-report.ts'

export function registerKl(program: Command): void {
  program
    .command('kl')
    .description('distance of a candidate from the baseline in nats, and what search along it buys')
    .argument(
      '<file>',
      'JSON Lines or CSV: candidate, baseline (log probabilities) | arm, choice | proxy, gold | kl, gain; - is standard input',
    )
    .option('--alpha <rate>', 'probability that an interval misses', numberBetween(0, 1, 'above'), 0.05)
    .option(
      '--stop-alpha <rate>',
      'share of baseline episodes the run-time stop may end',
      numberBetween(0, 1, 'above'),
      0.001,
    )
    .option(
      '--budget <nats>',
      'largest KL allowed (per episode, or per choice): says whether it is kept',
      numberBetween(0, 1e6, 'above'),
    )
    .option(
      '--target <nats>',
      'KL to hold: prints the next penalty coefficient',
      numberBetween(0, 1e6, 'above'),
    )
    .option('--coefficient <number>', 'penalty coefficient now', numberBetween(0, 1e6, 'above'), 0.15)
    .option(
      '--horizon <episodes>',
      'episodes over which the coefficient adapts',
      numberBetween(0, 1e12, 'above'),
      10_000,
    )
    .addOption(
      new Option('--form <form>', 'curve through kl, gain')
        .choices(['best-of-n', 'reinforcement'])
        .default('reinforcement'),
    )
    .option('--seed <number>', 'seed of the bootstrap', numberBetween(0, 2 ** 31), 1)
    .option('--json', 'print JSON')
    .action(async (path: string, options: KlOptions) => {
      const file = await readKlFile(path)
      switch (file.kind) {
        case 'tokens':
          return show(tokensReport(file.episodes, options), printTokens, options)
        case 'choices':
          return show(choicesReport(file.candidate, file.baseline, options), printChoices, options)
        case 'samples':
          return show(searchReport(file.prompts, options), printSearch, options)
        case 'curve':
          return show(curveReport(file.points, options), printCurve, options)
      }
    })
}

function show<Report>(report: Report, print: (report: Report) => void, options: KlOptions): void {
  if (options.json) printJson(report)
  else print(report)
}
