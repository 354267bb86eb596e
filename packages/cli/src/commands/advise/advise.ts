/** `leeway advise`: a decision about two recorded policies, with nothing else running. */
import { checkGate } from '@leeway/core/gate/check'
import { planAt } from '@leeway/core/gate/plan'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'
import { EXIT_OF_VERDICT, printCheck } from '../gate/print-check.ts'
import { type RecordedRuns, readRecordedRuns } from './recorded-runs.ts'

type Options = {
  readonly baseline: string
  readonly candidate: string
  readonly margin: number
  readonly alpha: number
  readonly maxMissing: number
  readonly json?: boolean
}

const PROBLEMS_SHOWN = 10

export function registerAdvise(program: Command): void {
  program
    .command('advise')
    .description('promote, hold or roll back, from recorded runs of two policies; reads files, sends nothing')
    .argument('<runs>', 'file or folder of traces in any supported format')
    .requiredOption('--baseline <policy>', 'the policy you trust now')
    .requiredOption('--candidate <policy>', 'the policy that wants its place')
    .option(
      '--margin <rate>',
      'largest rise in failure rate that may be promoted',
      numberBetween(0, 1, 'above'),
      0.05,
    )
    .option(
      '--alpha <rate>',
      'largest chance of a false promotion, and of a false rollback',
      numberBetween(0, 0.5, 'above'),
      0.05,
    )
    .option('--max-missing <share>', 'largest share of missing outcomes', numberBetween(0, 1), 0.1)
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      if (options.baseline === options.candidate)
        throw new CommandError('baseline and candidate are the same', 'name two policies')
      const runs = await readRecordedRuns(path, options)
      refuseUseless(path, runs, options)
      for (const problem of runs.problems.slice(0, PROBLEMS_SHOWN))
        process.stderr.write(`left out ${plainText(problem)}\n`)
      if (runs.problems.length > PROBLEMS_SHOWN)
        process.stderr.write(`… and ${runs.problems.length - PROBLEMS_SHOWN} more\n`)
      if (runs.unpaired > 0)
        process.stderr.write(
          `left out ${runs.unpaired} episodes without a task, session or user key: they cannot be paired\n`,
        )
      const check = checkGate(
        runs.units,
        planAt(options.margin, { alpha: options.alpha, missingShareMax: options.maxMissing }),
        runs.severe,
      )
      printCheck(check, options, options.json === true)
      process.exitCode = EXIT_OF_VERDICT[check.verdict]
    })
}

function refuseUseless(
  path: string,
  runs: RecordedRuns,
  names: { readonly baseline: string; readonly candidate: string },
): void {
  for (const arm of ['baseline', 'candidate'] as const) {
    if (runs.episodes[arm] > 0) continue
    const seen = runs.episodes.baseline + runs.episodes.candidate + runs.episodes.other
    const first = runs.problems[0] === undefined ? '' : `; first problem: ${plainText(runs.problems[0])}`
    throw new CommandError(
      `${path}: no episode of the ${arm} "${names[arm]}" (${seen} episodes in ${runs.files} files${first})`,
      `name the policy in the records, or put its runs into ${names[arm]}/ or a file such as ${names[arm]}.jsonl`,
    )
  }
  if (!runs.units.some((unit) => unit.candidate.kind === 'observed' && unit.baseline.kind === 'observed')) {
    throw new CommandError(
      'the two policies have no unit with outcomes in common',
      'record both on the same tasks, with an outcome (0 to 1, 1 = success) each',
    )
  }
}
