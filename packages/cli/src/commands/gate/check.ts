/** `leeway gate check`: a decision from a CSV, with core alone. */
import { checkGate } from '@leeway/core/gate/check'
import { planAt } from '@leeway/core/gate/plan'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { type EvidenceDesign, readEvidenceFile } from './evidence-file.ts'
import { readLabelError } from './label-error-option.ts'
import { numberBetween } from './number-option.ts'
import { EXIT_OF_VERDICT, printCheck } from './print-check.ts'

type Options = {
  readonly margin: number
  readonly alpha: number
  readonly harmMargin?: number
  readonly maxMissing: number
  readonly design: string
  readonly propensity?: number
  readonly labelError: string
  readonly gold?: string
  readonly json?: boolean
}

export function registerGateCheck(gate: Command): void {
  gate
    .command('check')
    .description('promote, hold or roll back, from a CSV of labelled units')
    .argument(
      '<evidence.csv>',
      'columns item,arm,failure[,judge,probability,expert,expertProbability,cluster,identical]; rows in the order of selection',
    )
    .requiredOption(
      '--margin <rate>',
      'largest rise in failure rate that may be promoted, e.g. 0.05',
      numberBetween(0, 1, 'above'),
    )
    .option(
      '--alpha <rate>',
      'largest chance of a false promotion, and of a false rollback',
      numberBetween(0, 0.5, 'above'),
      0.05,
    )
    .option(
      '--harm-margin <rate>',
      'rise tolerated before a rollback (default: the margin)',
      numberBetween(0, 1),
    )
    .option('--max-missing <share>', 'largest share of missing labels', numberBetween(0, 1), 0.1)
    .option('--design <design>', 'paired or unpaired', 'paired')
    .option(
      '--propensity <p>',
      'probability that a unit went to the candidate (unpaired)',
      numberBetween(0, 1, 'above'),
    )
    .option(
      '--label-error <mode>',
      'none, shared or differential: how errors of the labels are counted',
      'none',
    )
    .option('--gold <gold.csv>', 'labels of items whose truth is known; columns truth,failure')
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const units = await readEvidenceFile(path, designOf(options))
      const labelError = await readLabelError(options, units)
      const check = checkGate(
        units,
        planAt(options.margin, {
          alpha: options.alpha,
          harmMargin: options.harmMargin ?? options.margin,
          missingShareMax: options.maxMissing,
          ...(labelError ? { labelError } : {}),
        }),
        { seen: 0, audited: 0 },
      )
      printCheck(check, { candidate: 'candidate', baseline: 'baseline' }, options.json === true)
      process.exitCode = EXIT_OF_VERDICT[check.verdict]
    })
}

function designOf(options: Options): EvidenceDesign {
  if (options.design === 'paired') {
    if (options.propensity !== undefined)
      throw new CommandError(
        '--propensity has no meaning for paired units',
        'leave it out, or say --design unpaired',
      )
    return { kind: 'paired' }
  }
  if (options.design !== 'unpaired')
    throw new CommandError(`--design is "${options.design}"`, 'say paired or unpaired')
  if (options.propensity === undefined || options.propensity >= 1)
    throw new CommandError(
      'unpaired units need --propensity below 1',
      'say with which probability a unit went to the candidate',
    )
  return { kind: 'unpaired', propensity: options.propensity }
}
