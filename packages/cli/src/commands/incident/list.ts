/** `leeway incident list`: what did harm, newest first. */
import { listIncidents } from '@leeway/contract/incidents'
import { type Command, Option } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & { readonly state?: 'open' | 'closed'; readonly json?: boolean }

const SHOWN_MAX = 200

export function registerIncidentList(incident: Command): void {
  withServerOptions(
    incident
      .command('list')
      .description(`list incidents, the newest ${SHOWN_MAX}`)
      .addOption(new Option('--state <word>', 'open or closed only').choices(['open', 'closed']))
      .option('--json', 'print JSON'),
  ).action(async ({ state, json, ...options }: Options) => {
    const client = serverClient(options)
    const { items } = await withServer(() =>
      client.call(listIncidents, { query: { limit: SHOWN_MAX, ...(state === undefined ? {} : { state }) } }),
    )
    if (json === true) return printJson(items)
    if (items.length === 0) return printLine('None.')
    printTable(
      ['id', 'severity', 'agent', 'policy', 'state', 'what followed'],
      items.map((one) => [
        one.id,
        one.severity,
        plainText(one.agent),
        plainText(one.policy),
        one.closed === null ? 'open' : 'closed',
        plainText(one.words),
      ]),
    )
  })
}
