/**
 * What audits found of the best of n: the gold value of searching that far, as the search was done here.
 *
 * Estimates   the share of success, in [0, 1], of audited units of an agent all of whose answers were the best of n; over whichever of its
 *             policies served them, so that nobody reads from it which one does.
 * Counts      units whose audit the server drew and whose label came, by the truth of the agent's newest release, the newest 2,000.
 *             One unit is one observation, whatever it was audited with.
 * Assumes     the units of another day are like those audited. No curve is laid through other n: a search that was not audited is not
 *             known, because gold turns where reward goes on rising (docs/methods/kl.md).
 * Interval    95 %, `clusteredShare`.
 * Degenerate  fewer than UNITS_MIN units: null.
 */
import { type ClusteredShare, clusteredShare } from '@leeway/core/numeric/clustered-share'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export type MeasuredGold = ClusteredShare & { readonly units: number }
type Agent = { readonly projectId: string; readonly agentId: string }

/** Fewer tell less than the header would seem to. */
export const UNITS_MIN = 20
const LABELS_MAX = 2_000
const KEPT_MS = 60_000
const KEPT_MAX = 10_000

/** Answers from what was read within the last minute. */
export function measuredGold(
  executor: Executor,
  nowMs: () => number,
): (agent: Agent, n: number) => Promise<MeasuredGold | null> {
  const kept = new Map<string, { readonly atMs: number; readonly gold: Promise<MeasuredGold | null> }>()
  return (agent, n) => {
    const key = `${agent.agentId} ${n}`
    const before = kept.get(key)
    if (before !== undefined && nowMs() - before.atMs < KEPT_MS) return before.gold
    if (kept.size >= KEPT_MAX) kept.clear()
    const gold = readMeasured(executor, agent, n)
    kept.set(key, { atMs: nowMs(), gold })
    gold.catch(() => kept.delete(key))
    return gold
  }
}

async function readMeasured(
  executor: Executor,
  { projectId, agentId }: Agent,
  n: number,
): Promise<MeasuredGold | null> {
  const found = await executor.execute<{ success: number }>(sql`
    with audited as (
      select selections.unit_key, labels.arm, labels.failure from releases
      join selections on selections.project_id = releases.project_id and selections.release_id = releases.id
      join labels on labels.project_id = selections.project_id and labels.release_id = selections.release_id
        and labels.sequence = selections.sequence and labels.arm = selections.arm
      where releases.project_id = ${projectId} and releases.agent_id = ${agentId} and labels.failure is not null
        and releases.truth = (select truth from releases newest where newest.project_id = ${projectId}
          and newest.agent_id = ${agentId} order by ordinal desc limit 1)
      order by labels.labelled_at desc limit ${LABELS_MAX}
    )
    select 1 - failure as success from audited
    where exists (select 1 from gateway_turns turns where turns.project_id = ${projectId}
        and turns.agent_id = ${agentId} and turns.unit_key = audited.unit_key)
      and not exists (select 1 from gateway_turns turns, jsonb_array_elements(turns.decisions) round
        where turns.project_id = ${projectId} and turns.agent_id = ${agentId} and turns.unit_key = audited.unit_key
          and (turns.role <> audited.arm or coalesce((round #>> '{bestOf,drawn}')::int, 1) <> ${n}))`)
  const share = clusteredShare(found.rows.map(({ success }) => ({ yes: success, of: 1 })))
  return share === null || found.rows.length < UNITS_MIN ? null : { ...share, units: found.rows.length }
}
