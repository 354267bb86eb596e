/** `leeway webhook test`: sends a message now, and says what came of it. */
import { testWebhook } from '@leeway/contract/webhooks'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerWebhookTest(webhook: Command): void {
  withServerOptions(webhook.command('test'))
    .description('send a test message now')
    .argument('<id>', 'id of the webhook, as list shows it')
    .action(async (id: string, options: ServerOptions) => {
      const client = serverClient(options)
      const { delivery } = await withServer(() =>
        client.call(testWebhook, { params: { webhook: id }, body: {} }),
      )
      if (delivery.problem !== null)
        throw new CommandError(delivery.problem, 'Look at the address, and at what answers there.')
      printLine(`It was taken: ${delivery.status} after ${delivery.tookMs} ms.`)
    })
}
