/** Read models of incidents, with the names that people know. */
import type { FrozenIncident, IncidentDetail, IncidentView } from '@leeway/contract/incidents'
import { ROLLS_BACK_FROM, rollsBack } from '@leeway/core/ladder/incident-rule'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { actorKind, readActorNames } from '../ledger/actor-names.ts'
import { noIncident } from './close-incident.ts'

type Row = {
  id: string
  episode_id: string
  agent: string
  policy: string
  severity: IncidentView['severity']
  reason: string
  actor: string
  at: string
  ordinal: number | null
  rollback_ordinal: string | null
  criterion_sha256: string | null
  frozen: FrozenIncident
  frozen_sha256: string
  ledger_seq: string
  closed_reason: string | null
  closed_actor: string | null
  closed_at: string | null
}

export type IncidentFilter = {
  readonly state?: 'open' | 'closed' | undefined
  readonly release?: string | undefined
  readonly episode?: string | undefined
}

/** Newest first, at most `limit`, those behind `before` when it is given. */
export async function listIncidents(
  executor: Executor,
  projectId: string,
  { state, release, episode }: IncidentFilter,
  { limit, before }: { readonly limit: number; readonly before: string | undefined },
): Promise<readonly IncidentView[]> {
  const asked = [
    sql`true`,
    ...(state === undefined ? [] : [state === 'open' ? sql`ends.at is null` : sql`ends.at is not null`]),
    ...(release === undefined ? [] : [sql`incidents.release_id = ${release}`]),
    ...(episode === undefined ? [] : [sql`incidents.episode_id = ${episode}`]),
    ...(before === undefined ? [] : [sql`incidents.id < ${before}`]),
  ]
  const found = await rows(
    executor,
    projectId,
    sql`${sql.join(asked, sql` and `)} order by incidents.id desc limit ${limit}`,
  )
  const names = await namesOf(executor, projectId, found)
  return found.map((row) => viewOf(row, names))
}

/** Throws AppError not_found. */
export async function showIncident(
  executor: Executor,
  projectId: string,
  id: string,
): Promise<IncidentDetail> {
  const found = await rows(executor, projectId, sql`incidents.id = ${id}`)
  const [row] = found
  if (row === undefined) throw noIncident()
  return {
    ...viewOf(row, await namesOf(executor, projectId, found)),
    frozen: row.frozen,
    frozenSha256: row.frozen_sha256,
  }
}

async function rows(executor: Executor, projectId: string, which: SQL): Promise<readonly Row[]> {
  const found = await executor.execute<Row>(sql`
    select incidents.id, incidents.episode_id, agents.name as agent, policies.name as policy, severity, incidents.reason,
      incidents.actor, incidents.at, releases.ordinal, rollback_ordinal, criterion_sha256, frozen, frozen_sha256,
      incidents.ledger_seq, ends.reason as closed_reason, ends.actor as closed_actor, ends.at as closed_at
    from incidents
    join agents on agents.project_id = incidents.project_id and agents.id = incidents.agent_id
    join policies on policies.project_id = incidents.project_id and policies.id = incidents.policy_id
    left join releases on releases.project_id = incidents.project_id and releases.id = incidents.release_id
    left join incident_ends ends on ends.project_id = incidents.project_id and ends.incident_id = incidents.id
    where incidents.project_id = ${projectId} and ${which}`)
  return found.rows
}

const namesOf = (executor: Executor, projectId: string, found: readonly Row[]) =>
  readActorNames(
    executor,
    projectId,
    found.flatMap(({ actor, closed_actor }) => [actor, ...(closed_actor === null ? [] : [closed_actor])]),
  )

function viewOf(row: Row, names: ReadonlyMap<string, string>): IncidentView {
  const nameOf = (actor: string) => names.get(actor) ?? actorKind(actor)
  const { release } = row.frozen
  return {
    id: row.id,
    episodeId: row.episode_id,
    agent: row.agent,
    policy: row.policy,
    severity: row.severity,
    reason: row.reason,
    reportedBy: nameOf(row.actor),
    at: iso(row.at),
    release:
      release === null
        ? null
        : { id: release.id, handle: `${row.agent} ${release.ordinal}`, stage: release.stage },
    rolledBack: row.rollback_ordinal !== null,
    words: whatFollowed(row),
    isGold: row.criterion_sha256 !== null,
    ledgerSeq: Number(row.ledger_seq),
    closed:
      row.closed_at === null
        ? null
        : { reason: row.closed_reason ?? '', by: nameOf(row.closed_actor ?? ''), at: iso(row.closed_at) },
  }
}

function whatFollowed({ policy, severity, rollback_ordinal, frozen: { release } }: Row): string {
  if (rollback_ordinal !== null) return `${policy} was rolled back from ${release?.stage} at once.`
  if (release === null) return `${policy} was in no release, so there was nothing to roll back.`
  if (release.role === 'baseline')
    return `${policy} was the baseline, so there was nothing to roll back to: people decide.`
  if (release.state === 'rolled-back') return `${policy} had been rolled back already.`
  if (release.state === 'completed')
    return `${policy} had completed its release, so no release was open to roll back: people decide.`
  return rollsBack(severity)
    ? `${policy} stayed at ${release.stage}.`
    : `${policy} stays at ${release.stage}: incidents roll back from ${ROLLS_BACK_FROM} on.`
}

const iso = (at: string) => new Date(at).toISOString()
