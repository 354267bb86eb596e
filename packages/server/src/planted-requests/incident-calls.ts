/** The calls of an incident's episode, and what keeps each from being planted. */
import type { IncidentCalls } from '@leeway/contract/planted-requests'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import type { Step } from '@leeway/core/episodes/episode'
import { sql } from 'drizzle-orm'
import { contractOf, findContract } from '../contracts/stored-contracts.ts'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { noIncident } from '../incidents/close-incident.ts'
import { heldToday } from './held-today.ts'

/** Throws AppError not_found. */
export async function incidentCalls(
  executor: Executor,
  projectId: string,
  incidentId: string,
  now: Date,
): Promise<IncidentCalls & { readonly agentId: string; readonly episodeId: string }> {
  const { rows } = await executor.execute<{
    agent_id: string
    episode_id: string
    reason: string
    redacted: boolean | null
  }>(sql`
    select incidents.agent_id, episode_id, incidents.reason, episodes.redaction_count > 0 as redacted from incidents
    left join episodes on episodes.project_id = incidents.project_id and episodes.id = incidents.episode_id
    where incidents.project_id = ${projectId} and incidents.id = ${incidentId}`)
  const [incident] = rows
  if (incident === undefined) throw noIncident()
  const { agent_id: agentId, episode_id: episodeId, reason, redacted } = incident
  const [stored] = await storedEpisodes(executor, projectId, [episodeId])
  const steps = stored?.episode.steps ?? []
  const issued = await findContract(executor, projectId, agentId)
  const contract = issued === undefined ? null : contractOf(issued)
  const calls = steps.flatMap((step) => {
    if (step.kind !== 'tool_call' || step.name === null) return []
    const call = { tool: step.name, argumentsText: argumentsTextOf(step) }
    return [{ step: step.ordinal, ...call, cannot: whyNot(contract, call, redacted === true, now) }]
  })
  const none =
    steps.length === 0
      ? 'The text of its episode is gone, and with it every call.'
      : calls.length === 0
        ? 'Its episode has no call: what was wrong was said, and nobody decides about words before they are said.'
        : null
  return { agentId, episodeId, reason, calls, none }
}

function whyNot(
  contract: AutonomyContract | null,
  call: { readonly tool: string; readonly argumentsText: string },
  redacted: boolean,
  now: Date,
): string | null {
  if (redacted) return 'Redaction changed its episode, and a call that waits is never shown redacted.'
  return contract === null || heldToday(contract, call, now) === null
    ? 'Under the contract of today nobody would be asked about this call.'
    : null
}

const argumentsTextOf = ({ content }: Step) =>
  typeof content === 'string' ? content : JSON.stringify(content)
