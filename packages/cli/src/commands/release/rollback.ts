import { rollBackRelease } from '@leeway/contract/releases'
import type { Command } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRelease } from './find-release.ts'
import { printRelease } from './print-release.ts'

export function registerReleaseRollback(release: Command): void {
  withServerOptions(
    release
      .command('rollback')
      .description('end a release now; the baseline serves everything again')
      .argument('<release>', 'handle such as "retail 2"')
      .requiredOption('--reason <text>', 'why')
      .option('--json', 'print JSON'),
  ).action(
    async (name: string, options: ServerOptions & { readonly reason: string; readonly json?: boolean }) => {
      const client = serverClient(options)
      await withServer(async () => {
        const found = await findRelease(client, name)
        printRelease(
          await client.call(rollBackRelease, {
            params: { releaseId: found.id },
            body: { reason: options.reason },
          }),
          options.json === true,
        )
        // The person asked for it, and it was done.
        process.exitCode = EXIT.ok
      })
    },
  )
}
