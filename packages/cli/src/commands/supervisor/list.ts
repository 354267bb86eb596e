/** `leeway supervisor list`: the policies that supervise others. */
import { listSupervisors } from '@leeway/contract/supervision'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerSupervisorList(supervisor: Command): void {
  withServerOptions(supervisor.command('list'))
    .description('list the policies that supervise others')
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const { items } = await withServer(() => client.call(listSupervisors))
      if (options.json === true) return printJson(items)
      if (items.length === 0)
        return printLine(
          'Nobody yet. Register one: leeway supervisor register JUDGE --agent A --policy P --reason WHY',
        )
      printTable(
        ['rater', 'family', 'runs', 'of', 'may be'],
        items.map((one) => [
          plainText(one.rater),
          plainText(one.family),
          plainText(one.policy),
          plainText(one.agent),
          one.roles.length === 0 ? 'nothing any more' : one.roles.join(', '),
        ]),
      )
    })
}
