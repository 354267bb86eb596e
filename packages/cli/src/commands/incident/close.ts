/** `leeway incident close`: nothing more is to be examined. */
import { closeIncident } from '@leeway/contract/incidents'
import type { Command } from 'commander'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { printIncident } from './print-incident.ts'

type Options = ServerOptions & { readonly reason: string; readonly json?: boolean }

export function registerIncidentClose(incident: Command): void {
  withServerOptions(incident.command('close'))
    .description('close an incident; its episode is kept no longer than others')
    .argument('<id>', 'id of the incident, as list shows it')
    .requiredOption('--reason <words>', 'why')
    .option('--json', 'print JSON')
    .action(async (id: string, { reason, json, ...options }: Options) => {
      const client = serverClient(options)
      const closed = await withServer(() =>
        client.call(closeIncident, { params: { incident: id }, body: { reason } }),
      )
      printIncident(closed, json === true)
    })
}
