/** `leeway supervisor run`: has a supervisor answer about the episodes of a policy, with planted faults among them. */
import { runSupervisor } from '@leeway/contract/supervision'
import type { Command } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { printJson } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findJudge } from '../judge/find-judge.ts'
import { printRun, readCount, runEnded } from '../judge/run.ts'
import { findRubric } from '../rubric/find-rubric.ts'
import { findPolicy } from './find-policy.ts'

type Options = ServerOptions & {
  readonly agent: string
  readonly policy: string
  readonly rubric: string
  readonly question?: string
  readonly episodes: number
  readonly wait: boolean
  readonly json?: boolean
}

export function registerSupervisorRun(supervisor: Command): void {
  withServerOptions(supervisor.command('run'))
    .description("have a supervisor answer about a policy's episodes, with planted faults among them")
    .argument('<judge>', 'name or id of a registered model rater')
    .requiredOption('--agent <name>', 'the agent')
    .requiredOption('--policy <policy>', 'the policy to supervise')
    .requiredOption('--rubric <name>', 'name or id of the rubric')
    .option('--question <id>', 'the question of the rubric to answer (default: its root)')
    .option('--episodes <count>', 'at most so many episodes, newest first', readCount, 1_000)
    .option('--no-wait', 'start it and leave; the server goes on')
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options) => {
      const client = serverClient(options)
      const run = await withServer(async () => {
        const started = await client.call(runSupervisor, {
          params: { rater: (await findJudge(client, name)).id },
          body: {
            policy: (await findPolicy(client, options.agent, options.policy)).id,
            rubric: (await findRubric(client, options.rubric, options.agent)).id,
            episodesMax: options.episodes,
            ...(options.question === undefined ? {} : { criterion: options.question }),
          },
        })
        return options.wait ? runEnded(client, started) : started
      })
      if (run.state === 'paused') process.exitCode = EXIT.partial
      if (options.json === true) printJson(run)
      else printRun(run)
    })
}
