/** `leeway incident show`: one incident with what was frozen. */
import { showIncident } from '@leeway/contract/incidents'
import type { Command } from 'commander'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { printIncident } from './print-incident.ts'

export function registerIncidentShow(incident: Command): void {
  withServerOptions(incident.command('show'))
    .description('show an incident; --json prints all that was frozen')
    .argument('<id>', 'id of the incident, as list shows it')
    .option('--json', 'print JSON')
    .action(async (id: string, options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const shown = await withServer(() => client.call(showIncident, { params: { incident: id } }))
      printIncident(shown, options.json === true)
    })
}
