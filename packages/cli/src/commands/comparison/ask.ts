/** `leeway comparison ask`: draws pairs of runs of the same units, for people and models to say which is better. */
import { askComparisons } from '@leeway/contract/comparisons'
import type { Command } from 'commander'
import { printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { numberBetween } from '../gate/number-option.ts'
import { findJudge } from '../judge/find-judge.ts'
import { findRubric } from '../rubric/find-rubric.ts'

type Options = ServerOptions & {
  readonly rubric: string
  readonly agent?: string
  readonly criterion: string
  readonly policies: string
  readonly pairs: number
  readonly answers: number
  readonly judge: readonly string[]
}

export function registerComparisonAsk(comparison: Command): void {
  withServerOptions(
    comparison
      .command('ask')
      .description('have runs of the same tasks compared; never evidence for a gate')
      .requiredOption('--rubric <name>', 'the rubric, by name or id')
      .option('--agent <name>', 'its agent, where several have one of that name')
      .option('--criterion <id>', 'its question with the scale pairwise', 'root')
      .requiredOption('--policies <a,b>', 'policies to compare; one alone: its own runs of the same task')
      .option('--pairs <number>', 'at most so many', numberBetween(1, 2000), 100)
      .option('--answers <number>', 'of people to each pair', numberBetween(0, 20), 1)
      .option(
        '--judge <name>',
        'a model that answers too, in both orders; may be given again',
        (name: string, before: readonly string[]) => [...before, name],
        [],
      ),
  ).action(async (options: Options) => {
    const client = serverClient(options)
    await withServer(async () => {
      const { id } = await findRubric(client, options.rubric, options.agent)
      const judges = await Promise.all(options.judge.map((name) => findJudge(client, name)))
      const { added, alike } = await client.call(askComparisons, {
        body: {
          rubric: id,
          criterion: options.criterion,
          policies: options.policies.split(',').map((name) => name.trim()),
          pairs: options.pairs,
          answersWanted: options.answers,
          judges: judges.map((judge) => judge.id),
        },
      })
      printLine(`${added} pairs are in the inbox.`)
      if (alike > 0) printLine(`In ${alike} others both runs are the same: there is nothing to prefer.`)
    })
  })
}
