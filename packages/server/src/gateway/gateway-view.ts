/** What an admin sees of the gateway. */
import type { GatewayView, HaltState } from '@leeway/contract/gateway'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { readActorNames } from '../ledger/actor-names.ts'
import { LIVE } from './live.ts'
import { reachesOf } from './reach.ts'
import { trafficSplits } from './traffic-splits.ts'

const DAY_MS = 86_400_000

export async function gatewayView(
  { db: executor, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
): Promise<GatewayView> {
  const since = new Date(now().getTime() - DAY_MS)
  return {
    halted: await haltedSince(executor, projectId),
    replicas: await replicas(executor),
    upstreams: await upstreamViews(executor, projectId),
    servings: await servingViews(executor, projectId),
    agents: await agentViews(executor, projectId, since),
  }
}

export async function haltState(executor: Executor, projectId: string): Promise<HaltState> {
  const found = await executor.execute<{ id: string }>(sql`
    select held.id from (
      select distinct on (agent_id) document->'evidence'->>'releaseId' as id from autonomy_contracts
      where project_id = ${projectId} order by agent_id, version desc
    ) held where held.id is not null`)
  return { halted: await haltedSince(executor, projectId), releases: found.rows.map(({ id }) => id) }
}

async function haltedSince(executor: Executor, projectId: string): Promise<GatewayView['halted']> {
  const found = await executor.execute<{
    halted: boolean
    at: string
    reason: string
    actor: string
    ledger_seq: string
  }>(sql`
    select halted, at, reason, actor, ledger_seq from halts where project_id = ${projectId} order by ledger_seq desc, id desc limit 1`)
  const [newest] = found.rows
  if (newest?.halted !== true) return null
  const names = await readActorNames(executor, projectId, [newest.actor])
  const ledgerSeq = Number(newest.ledger_seq)
  return {
    since: iso(newest.at),
    reason: newest.reason,
    actorName: names.get(newest.actor) ?? 'somebody',
    reach: (await reachesOf(executor, projectId, [ledgerSeq])).get(ledgerSeq) ?? null,
  }
}

async function replicas(executor: Executor): Promise<GatewayView['replicas']> {
  const found = await executor.execute<{ id: string; started_at: string; seen_at: string }>(
    sql`select id, started_at, seen_at from gateway_replicas where ${LIVE} order by started_at`,
  )
  return found.rows.map((row) => ({ id: row.id, startedAt: iso(row.started_at), seenAt: iso(row.seen_at) }))
}

async function upstreamViews(executor: Executor, projectId: string): Promise<GatewayView['upstreams']> {
  const found = await executor.execute<{
    name: string
    base_url: string
    key_id: string | null
    key_name: string | null
    timeout_ms: number
    scores_with: GatewayView['upstreams'][number]['scoresWith']
    at: string
  }>(sql`
    select newest.name, base_url, provider_keys.id as key_id, provider_keys.name as key_name, timeout_ms, scores_with, at from (
      select distinct on (name) * from upstreams where project_id = ${projectId} order by name, ledger_seq desc, id desc
    ) newest
    left join provider_keys on provider_keys.project_id = newest.project_id
      and provider_keys.id = newest.provider_key_id and revoked_at is null
    order by newest.name`)
  return found.rows.map((row) => ({
    name: row.name,
    baseUrl: row.base_url,
    keyId: row.key_id,
    keyName: row.key_name,
    timeoutSeconds: row.timeout_ms / 1_000,
    scoresWith: row.scores_with,
    at: iso(row.at),
  }))
}

async function servingViews(executor: Executor, projectId: string): Promise<GatewayView['servings']> {
  const found = await executor.execute<{
    agent: string
    policy: string
    upstream: string
    fallback: string | null
    model: string
    set: GatewayView['servings'][number]['set']
    usd: GatewayView['servings'][number]['usdPerMillion']
    at: string
  }>(sql`
    select agents.name as agent, policies.name as policy, upstream, fallback, model, set, usd_per_million as usd, at from (
      select distinct on (policy_id) * from policy_servings where project_id = ${projectId}
      order by policy_id, ledger_seq desc, id desc
    ) newest
    join policies on policies.project_id = newest.project_id and policies.id = newest.policy_id
    join agents on agents.project_id = policies.project_id and agents.id = policies.agent_id
    order by agents.name, policies.name`)
  return found.rows.map(({ usd, at, ...row }) => ({ ...row, usdPerMillion: usd, at: iso(at) }))
}

async function agentViews(
  executor: Executor,
  projectId: string,
  since: Date,
): Promise<GatewayView['agents']> {
  const found = await executor.execute<
    Omit<GatewayView['agents'][number], 'split'> & { agent_id: string }
  >(sql`
    select held.agent_id, agents.name as agent, held.version as "contractVersion",
      held.document->>'expiresAt' as "expiresAt", held.document->'evidence'->>'releaseId' as "releaseId",
      held.document->'evidence'->>'stage' as stage, baseline.name as baseline, candidate.name as candidate,
      coalesce(seen.conversations, 0)::int as conversations, coalesce(seen.by_candidate, 0)::int as "byCandidate",
      coalesce(seen.turns, 0)::int as turns, coalesce(seen.refused, 0)::int as refused,
      coalesce(seen.failed, 0)::int as failed
    from (
      select distinct on (agent_id) * from autonomy_contracts where project_id = ${projectId}
      order by agent_id, version desc
    ) held
    join agents on agents.project_id = held.project_id and agents.id = held.agent_id
    join policies baseline on baseline.project_id = held.project_id
      and baseline.id = (held.document->'baseline'->>'policyId')::uuid
    left join policies candidate on candidate.project_id = held.project_id
      and candidate.id = (held.document->'candidate'->>'policyId')::uuid
    left join (
      select agent_id, count(distinct conversation) as conversations,
        count(distinct conversation) filter (where role = 'candidate') as by_candidate, count(*) as turns,
        count(*) filter (where outcome in ('deny', 'stop')) as refused,
        count(*) filter (where outcome = 'failed') as failed
      from gateway_turns where project_id = ${projectId} and ended_at > ${since.toISOString()}
      group by agent_id
    ) seen on seen.agent_id = held.agent_id
    order by agents.name`)
  const splits = await trafficSplits(executor, projectId, since)
  return found.rows.map(({ agent_id, ...row }) => ({ ...row, split: splits.get(agent_id) ?? null }))
}

const iso = (at: string) => new Date(at).toISOString()
