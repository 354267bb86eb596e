/** `leeway oversight audit`: what a random audit of some outputs is worth against an agent that knows of it, with core alone. */
import { upfrontAudit } from '@leeway/core/oversight/upfront-audit'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { printJson, printLine } from '../../output.ts'
import { percent } from '../print-interval.ts'
import { share, wholeNumber } from './share-option.ts'

type Options = {
  readonly outputs: number
  readonly audited: number
  readonly success: number
  readonly json?: boolean
}

export function registerOversightAudit(oversight: Command): void {
  oversight
    .command('audit')
    .description('how often auditing some outputs at random stops an agent that chooses when to attack')
    .requiredOption('--outputs <n>', 'outputs in the whole deployment', wholeNumber)
    .requiredOption('--audited <n>', 'how many of them are read before they take effect', wholeNumber)
    .requiredOption('--success <share>', 'how often an attack that nobody reads works', share)
    .option('--json', 'print JSON')
    .action((options: Options) => {
      if (options.audited > options.outputs)
        throw new CommandError(
          `${options.audited} audits of ${options.outputs} outputs`,
          '--audited is at most --outputs',
        )
      const game = upfrontAudit(options)
      if (options.json) return printJson(game)
      printLine(`The audit wins ${percent(game.defenderWins)} of the time against the agent's best choice,`)
      printLine(`which is to attack in ${game.attackRate.toPrecision(3)} of its outputs.`)
      printLine()
      printLine('If an audit misses nothing. It loses when an attack works before one is read.')
    })
}
