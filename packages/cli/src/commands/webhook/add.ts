/** `leeway webhook add`: who is told of what happens. */
import { addWebhook, WEBHOOK_EVENTS, type WebhookEvent } from '@leeway/contract/webhooks'
import { type Command, InvalidArgumentError } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & {
  readonly events: readonly WebhookEvent[]
  readonly slack?: boolean
  readonly json?: boolean
}

export function registerWebhookAdd(webhook: Command): void {
  withServerOptions(webhook.command('add'))
    .description('send signed messages of what happens to an address')
    .argument('<url>', 'https address')
    .option('--events <list>', `of ${WEBHOOK_EVENTS.join(', ')}, with commas between`, readEvents, [
      ...WEBHOOK_EVENTS,
    ])
    .option('--slack', 'the address is an incoming webhook of Slack: send a text with a link')
    .option('--json', 'print JSON')
    .action(async (url: string, { events, slack, json, ...options }: Options) => {
      const client = serverClient(options)
      const made = await withServer(() =>
        client.call(addWebhook, {
          body: { url, events: [...events], shape: slack === true ? 'slack' : 'standard' },
        }),
      )
      if (json === true) return printJson(made)
      printLine(`Added ${made.webhook.id}. Its messages are signed with this secret, which is shown once:`)
      printLine(made.secret)
      printLine(`Try it: leeway webhook test ${made.webhook.id}`)
    })
}

function readEvents(text: string): WebhookEvent[] {
  return text.split(',').map((given) => {
    const event = WEBHOOK_EVENTS.find((one) => one === given.trim())
    if (event === undefined)
      throw new InvalidArgumentError(`"${given}" is none of ${WEBHOOK_EVENTS.join(', ')}.`)
    return event
  })
}
