import type { Command } from 'commander'
import { registerIncidentClose } from './close.ts'
import { registerIncidentList } from './list.ts'
import { registerIncidentReport } from './report.ts'
import { registerIncidentShow } from './show.ts'

export function registerIncident(program: Command): void {
  const incident = program.command('incident').description('episodes that did harm')
  registerIncidentReport(incident)
  registerIncidentList(incident)
  registerIncidentShow(incident)
  registerIncidentClose(incident)
}
