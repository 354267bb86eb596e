/** `leeway webhook rotate`: a new secret; for a day messages carry the signatures of both. */
import { rotateWebhook } from '@leeway/contract/webhooks'
import type { Command } from 'commander'
import { printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerWebhookRotate(webhook: Command): void {
  withServerOptions(webhook.command('rotate'))
    .description('make a new secret; for a day messages are signed with both')
    .argument('<id>', 'id of the webhook, as list shows it')
    .action(async (id: string, options: ServerOptions) => {
      const client = serverClient(options)
      const { secret } = await withServer(() =>
        client.call(rotateWebhook, { params: { webhook: id }, body: {} }),
      )
      printLine('For a day messages are signed with both. The new secret, which is shown once:')
      printLine(secret)
    })
}
