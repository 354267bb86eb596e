/** `leeway webhook remove`: nothing is sent there any more, and its secrets are gone. */
import { removeWebhook } from '@leeway/contract/webhooks'
import type { Command } from 'commander'
import { printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerWebhookRemove(webhook: Command): void {
  withServerOptions(webhook.command('remove'))
    .description('send nothing there any more')
    .argument('<id>', 'id of the webhook, as list shows it')
    .action(async (id: string, options: ServerOptions) => {
      const client = serverClient(options)
      await withServer(() => client.call(removeWebhook, { params: { webhook: id }, body: {} }))
      printLine('Removed. Its secrets are gone.')
    })
}
