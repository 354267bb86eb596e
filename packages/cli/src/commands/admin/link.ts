/** `leeway admin link`: a new one-time link for whoever runs the server; links issued before stop working. */
import { issueAdminLink } from '@leeway/contract/accounts'
import type { Command } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerAdminLink(admin: Command): void {
  withServerOptions(admin.command('link'))
    .description('print a one-time admin link, good for 15 minutes')
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { json?: boolean }) => {
      const link = await withServer(() => serverClient(options).call(issueAdminLink, { body: {} }))
      if (options.json) return printJson(link)
      printLine(link.url)
      printLine(
        `Works once, until ${new Date(link.expiresAt).toLocaleTimeString()}. Links made before are void.`,
      )
    })
}
