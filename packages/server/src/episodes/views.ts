/**
 * What a release needs of episodes: one outcome a unit and policy.
 *
 * The outcome of an erased episode stays in the unit it belonged to, by the hash of the unit's key, so that a
 * decision can be recomputed. A unit of which nothing but erased episodes are left is no longer listed by
 * `outcomesByUnit`, and is still answered by `outcomesOfUnits`, whose caller knows the key.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPaired } from './not-paired.ts'

export type UnitOutcome = {
  /**
   * Mean of 1 - success over the unit's episodes that have a trusted outcome, in [0, 1]; null only when none has.
   * Episodes without an outcome are left out of the mean, never counted as success or failure.
   */
  readonly failure: number | null
  /** Number of the unit's episodes that did severe harm. */
  readonly severe: number
  /** All episodes of the unit, with outcome or without, erased ones included. */
  readonly episodes: number
  /** Most steps of an episode that is still there; null when all were erased. */
  readonly stepCountMax: number | null
}

/** Every unit of a policy. Episodes without a unit take no part. Keys are `user:…`, `session:…` or `task:…`. */
export async function outcomesByUnit(
  executor: Executor,
  projectId: string,
  policyId: string,
): Promise<ReadonlyMap<string, UnitOutcome>> {
  return gather(
    executor,
    projectId,
    policyId,
    sql`select distinct unit_key from episodes
        where project_id = ${projectId} and policy_id = ${policyId} and unit_key is not null and ${isNotPaired(sql`unit_key`)}`,
  )
}

/** The named units only; a unit without any episode of the policy is not in the answer. */
export async function outcomesOfUnits(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
): Promise<ReadonlyMap<string, UnitOutcome>> {
  if (unitKeys.length === 0) return new Map()
  // As JSON: a driver's array parameter is expanded into one parameter an element, and there may be 100,000.
  return gather(
    executor,
    projectId,
    policyId,
    sql`select distinct value as unit_key from json_array_elements_text(${JSON.stringify(unitKeys)}::json)`,
  )
}

/** SHA-256 (hex) of project and unit key: what a tombstone keeps of a unit. In SQL, over an expression. */
export function unitKeyHash(projectId: string, unitKey: SQL): SQL {
  return sql`encode(sha256(convert_to(${`${projectId}:`}::text || ${unitKey}, 'UTF8')), 'hex')`
}

async function gather(
  executor: Executor,
  projectId: string,
  policyId: string,
  units: SQL,
): Promise<ReadonlyMap<string, UnitOutcome>> {
  const found = await executor.execute<{
    unit_key: string
    failure: number | null
    severe: number
    episodes: number
    step_count_max: number | null
  }>(sql`
    with units as materialized (${units}),
    parts as (
      select units.unit_key, success, severe, step_count
      from units join episodes on episodes.project_id = ${projectId} and policy_id = ${policyId}
        and episodes.unit_key = units.unit_key
      union all
      select units.unit_key, success, severe, null
      from units join episode_tombstones on project_id = ${projectId} and policy_id = ${policyId}
        and unit_key_sha256 = ${unitKeyHash(projectId, sql`units.unit_key`)}
    )
    select unit_key, avg(1 - success) as failure, (count(*) filter (where severe))::int as severe,
      count(*)::int as episodes, max(step_count) as step_count_max
    from parts group by unit_key order by unit_key`)
  return new Map(
    found.rows.map((row) => [
      row.unit_key,
      { failure: row.failure, severe: row.severe, episodes: row.episodes, stepCountMax: row.step_count_max },
    ]),
  )
}
