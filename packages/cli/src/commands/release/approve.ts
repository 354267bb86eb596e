import { approveRelease, showRelease } from '@leeway/contract/releases'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRelease } from './find-release.ts'
import { printRelease } from './print-release.ts'

export function registerReleaseApprove(release: Command): void {
  withServerOptions(
    release
      .command('approve')
      .description('approve the proposed promotion, as a named person')
      .argument('<release>', 'handle such as "retail 2"')
      .requiredOption('--name <person>', 'who approves; written into the ledger')
      .requiredOption('--reason <text>', 'why')
      .option('--json', 'print JSON'),
  ).action(
    async (
      name: string,
      options: ServerOptions & { readonly name: string; readonly reason: string; readonly json?: boolean },
    ) => {
      const client = serverClient(options)
      await withServer(async () => {
        const found = await findRelease(client, name)
        const params = { releaseId: found.id }
        const { proposal } = await client.call(showRelease, { params })
        if (proposal === null)
          throw new CommandError(
            `No promotion of "${found.handle}" is proposed.`,
            `Read why: leeway release status "${found.handle}".`,
          )
        const body = { checkId: proposal.checkId, reason: options.reason, approver: options.name }
        printRelease(await client.call(approveRelease, { params, body }), options.json === true)
      })
    },
  )
}
