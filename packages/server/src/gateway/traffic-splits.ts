/** How the conversations were split between candidate and baseline, by agent whose candidate acts. */
import type { AgentTraffic } from '@leeway/contract/gateway'
import { trafficSplit } from '@leeway/core/autonomy/traffic-split'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { blockSize } from '../releases/draw.ts'

type Split = NonNullable<AgentTraffic['split']>

export async function trafficSplits(
  executor: Executor,
  projectId: string,
  since: Date,
): Promise<ReadonlyMap<string, Split>> {
  const exposed = await exposures(executor, projectId)
  if (exposed.size === 0) return new Map()
  const counted = await begunHere(executor, projectId, since)
  return new Map(
    [...exposed].map(([agent, exposure]) => {
      const rows = counted.filter(({ agent_id }) => agent_id === agent)
      const units = rows
        .filter(({ is_drawn }) => is_drawn)
        .flatMap((row) =>
          Array.from({ length: row.units }, () => ({
            conversations: row.conversations,
            byCandidate: row.by_candidate,
          })),
        )
      const notDrawn = rows
        .filter(({ is_drawn }) => !is_drawn)
        .reduce((sum, row) => sum + row.units * row.conversations, 0)
      return [agent, { exposure, notDrawn, drawn: trafficSplit(units, exposure) }] as const
    }),
  )
}

/** Of agents whose candidate acts: the share of units that are drawn for it, which the ladder's exposure comes to in blocks. */
async function exposures(executor: Executor, projectId: string): Promise<ReadonlyMap<string, number>> {
  const found = await executor.execute<{ agent_id: string; exposure: number }>(sql`
    select held.agent_id, (stage->>'exposure')::float8 as exposure from (${newest(projectId)}) held
    join releases on releases.project_id = ${projectId} and releases.id = (held.document->'evidence'->>'releaseId')::uuid
      and releases.unit_source = 'stream'
    join ladders on ladders.project_id = releases.project_id and ladders.id = releases.ladder_id
    cross join lateral jsonb_array_elements(ladders.definition->'stages') stage
    where held.document->'candidate'->>'autonomy' = 'act' and stage->>'name' = held.document->'evidence'->>'stage'`)
  return new Map(found.rows.map((row) => [row.agent_id, 1 / blockSize(row.exposure)]))
}

/** Units by how many conversations they began at the present stage, and how many of those the candidate served. */
async function begunHere(executor: Executor, projectId: string, since: Date) {
  const found = await executor.execute<{
    agent_id: string
    is_drawn: boolean
    conversations: number
    by_candidate: number
    units: number
  }>(sql`
    with held as (${newest(projectId)}),
    here as (
      select own.agent_id, own.version, own.document->'evidence'->>'releaseId' as release_id,
        own.document->'evidence'->>'stage' as stage
      from autonomy_contracts own join held on held.agent_id = own.agent_id
      where own.project_id = ${projectId} and own.document->'candidate'->>'autonomy' = 'act'
        and own.document->'evidence'->>'releaseId' = held.document->'evidence'->>'releaseId'
        and own.document->'evidence'->>'stage' = held.document->'evidence'->>'stage'
    ),
    begun as (
      select turns.agent_id, min(unit_key) as unit_key, min(release_id) as release_id, min(stage) as stage,
        bool_or(role = 'candidate') as by_candidate
      from gateway_turns turns
      left join here on here.agent_id = turns.agent_id and here.version = turns.contract_version
      where turns.project_id = ${projectId} and ended_at > ${since.toISOString()}
      group by turns.agent_id, conversation having bool_and(here.version is not null)
    )
    select agent_id, is_drawn, conversations, by_candidate, count(*)::int as units from (
      select begun.agent_id, bool_or(drawn.arm_propensity < 1) is true as is_drawn, count(*)::int as conversations,
        (count(*) filter (where by_candidate))::int as by_candidate
      from begun
      left join selections drawn on drawn.project_id = ${projectId} and drawn.release_id = begun.release_id::uuid
        and drawn.unit_key = begun.unit_key and drawn.stage = begun.stage
      group by begun.agent_id, begun.unit_key
    ) by_unit group by agent_id, is_drawn, conversations, by_candidate`)
  return found.rows
}

const newest = (projectId: string) => sql`
  select distinct on (agent_id) agent_id, document from autonomy_contracts where project_id = ${projectId}
  order by agent_id, version desc`
