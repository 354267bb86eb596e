/** `leeway supervisor register`: says which policy a model rater runs, and what it may do as such. */
import { registerSupervisor, SUPERVISOR_ROLES } from '@leeway/contract/supervision'
import { type Command, InvalidArgumentError } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findJudge } from '../judge/find-judge.ts'
import { findPolicy } from './find-policy.ts'

type Role = (typeof SUPERVISOR_ROLES)[number]
type Options = ServerOptions & {
  readonly agent: string
  readonly policy: string
  readonly roles: readonly Role[]
  readonly reason: string
  readonly json?: boolean
}

export function registerSupervisorRegister(supervisor: Command): void {
  withServerOptions(supervisor.command('register'))
    .description('say which policy a model rater runs, and what it may do as such')
    .argument('<judge>', 'name or id of a declared model rater')
    .requiredOption('--agent <name>', 'the agent')
    .requiredOption('--policy <policy>', 'the policy that the rater runs')
    .option(
      '--roles <list>',
      'of rater, critic and debater, with commas between; none: nothing any more',
      readRoles,
      ['rater'],
    )
    .requiredOption('--reason <text>', 'why it may')
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options) => {
      const client = serverClient(options)
      const made = await withServer(async () =>
        client.call(registerSupervisor, {
          body: {
            rater: (await findJudge(client, name)).id,
            policy: (await findPolicy(client, options.agent, options.policy)).id,
            roles: [...options.roles],
            reason: options.reason,
          },
        }),
      )
      if (options.json === true) return printJson(made)
      const roles = made.roles.length === 0 ? 'nothing any more' : made.roles.join(', ')
      printLine(plainText(`${made.rater} runs ${made.policy} of ${made.agent}, and may be: ${roles}.`))
    })
}

function readRoles(text: string): readonly Role[] {
  const named = text === 'none' ? [] : text.split(',').map((role) => role.trim())
  const known: readonly string[] = SUPERVISOR_ROLES
  if (named.some((role) => !known.includes(role)))
    throw new InvalidArgumentError(`Expected ${SUPERVISOR_ROLES.join(', ')}, or none.`)
  return named as Role[]
}
