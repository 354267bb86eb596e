import type { IncidentDetail } from '@leeway/contract/incidents'
import { plainText, printJson, printLine } from '../../output.ts'

/** What is known of an incident, and what was frozen with it. */
export function printIncident(incident: IncidentDetail, asJson: boolean): void {
  if (asJson) printJson(incident)
  else for (const line of linesOf(incident)) printLine(plainText(line))
}

function linesOf(incident: IncidentDetail): readonly string[] {
  const { frozen, closed } = incident
  return [
    `${incident.severity} incident ${incident.id}, reported by ${incident.reportedBy} at ${incident.at}`,
    incident.reason,
    incident.words,
    `Episode ${incident.episodeId}. ${closed === null ? 'Its text is kept until the incident is closed.' : ''}`.trim(),
    ...(incident.isGold ? ['The episode is a known answer from now on.'] : []),
    ...(frozen.contract === null
      ? []
      : [`Contract in force: version ${frozen.contract.version}, SHA-256 ${frozen.contract.sha256}.`]),
    ...(incident.release === null
      ? []
      : [`Release ${incident.release.handle}, at ${incident.release.stage}.`]),
    ...(frozen.turns.length === 0 ? [] : [`Turns that the gateway decided: ${frozen.turns.length}.`]),
    `Ledger entry ${incident.ledgerSeq} holds the SHA-256 of what was frozen: ${incident.frozenSha256}.`,
    closed === null ? 'Open.' : `Closed by ${closed.by} at ${closed.at}: ${closed.reason}`,
  ]
}
