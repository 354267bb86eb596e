/** `leeway webhook list`: who is told of what, and whether it arrives. */
import { listWebhooks, type WebhookView } from '@leeway/contract/webhooks'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerWebhookList(webhook: Command): void {
  withServerOptions(webhook.command('list'))
    .description('list webhooks, and what came of the newest message')
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const { items } = await withServer(() => client.call(listWebhooks))
      if (options.json === true) return printJson(items)
      if (items.length === 0) return printLine('None yet. Add one: leeway webhook add URL')
      printTable(
        ['id', 'address', 'events', 'state'],
        items.map((one) => [one.id, plainText(one.url), one.events.join(', '), stateWords(one)]),
      )
    })
}

function stateWords({ disabled, deliveries: [newest] }: WebhookView): string {
  if (disabled !== null) return `disabled: ${disabled.reason}`
  if (newest === undefined) return 'nothing sent yet'
  return newest.problem ?? 'arrives'
}
