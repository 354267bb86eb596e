/** Read models of agents and policies: what there is, and how it does. */
import type { Agent, Policy } from '@leeway/contract/policies'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPaired } from '../episodes/not-paired.ts'

/** All agents of a project, by name. Erased episodes are not counted. */
export async function listAgents(executor: Executor, projectId: string): Promise<readonly Agent[]> {
  const found = await executor.execute<CountRow & { policies: number }>(sql`
    select agents.id, agents.name, agents.created_at,
      (select count(*)::int from policies where project_id = ${projectId} and agent_id = agents.id) as policies,
      coalesce(counts.episodes, 0)::int as episodes, coalesce(counts.outcomes, 0)::int as outcomes, counts.rate
    from agents left join (
      select agent_id, count(*) as episodes, count(success) as outcomes, avg(success) as rate
      from episodes where project_id = ${projectId} and ${isNotPaired(sql`unit_key`)} group by agent_id) counts on counts.agent_id = agents.id
    where agents.project_id = ${projectId} order by agents.name`)
  return found.rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: new Date(row.created_at).toISOString(),
    policies: row.policies,
    episodes: row.episodes,
    success: { rate: row.rate, episodes: row.outcomes },
  }))
}

/** All policies of a project, by agent and name. */
export async function listPolicies(executor: Executor, projectId: string): Promise<readonly Policy[]> {
  const found = await executor.execute<
    CountRow & { agent_id: string; agent_name: string; config_sha256: string; declared: boolean }
  >(sql`
    select policies.id, policies.name, policies.created_at, policies.agent_id, agents.name as agent_name,
      policies.config_sha256, policies.declared,
      coalesce(counts.episodes, 0)::int as episodes, coalesce(counts.outcomes, 0)::int as outcomes, counts.rate
    from policies
    join agents on agents.project_id = policies.project_id and agents.id = policies.agent_id
    left join (
      select policy_id, count(*) as episodes, count(success) as outcomes, avg(success) as rate
      from episodes where project_id = ${projectId} and ${isNotPaired(sql`unit_key`)} group by policy_id) counts on counts.policy_id = policies.id
    where policies.project_id = ${projectId} order by agents.name, policies.name, policies.created_at`)
  return found.rows.map((row) => ({
    id: row.id,
    agentId: row.agent_id,
    agentName: row.agent_name,
    name: row.name,
    configSha256: row.config_sha256,
    declared: row.declared,
    createdAt: new Date(row.created_at).toISOString(),
    episodes: row.episodes,
    success: { rate: row.rate, episodes: row.outcomes },
  }))
}

type CountRow = {
  id: string
  name: string
  created_at: string
  episodes: number
  outcomes: number
  rate: number | null
}
