import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Condition } from './note-conditions.ts'

/** An audited unit whose outcome nobody said by then is written down as missing, and is awaited no more. */
const AWAITED_DAYS = 7

/**
 * Open releases whose audited units wait for outcomes, none of which came for so long. Of the present stage alone: those of stages that
 * were left are awaited by nobody.
 */
export async function awaitedOutcomes(
  executor: Executor,
  projectId: string,
  { now, silentMs, isOpen }: { readonly now: Date; readonly silentMs: number; readonly isOpen: SQL },
): Promise<readonly Condition[]> {
  const since = new Date(now.getTime() - AWAITED_DAYS * 86_400_000)
  const found = await executor.execute<{
    id: string
    agent: string
    candidate: string
    waiting: number
    oldest: string | null
    newest: string | null
  }>(sql`
    select releases.id, agents.name as agent, policies.name as candidate, units.waiting, units.oldest, (
      select max(labelled_at) from labels where labels.project_id = releases.project_id
        and labels.release_id = releases.id and failure is not null
    ) as newest
    from releases
    join agents on agents.project_id = releases.project_id and agents.id = releases.agent_id
    join policies on policies.project_id = releases.project_id and policies.id = releases.candidate_policy_id
    cross join lateral (
      select count(*)::int as waiting, min(selected_at) as oldest from selections
      left join audit_draws using (project_id, release_id, sequence)
      where project_id = releases.project_id and release_id = releases.id and arm <> 'outside'
        and (audited or audit_draws.drawn) and selected_at > ${since.toISOString()}::timestamptz
        and selected_at > coalesce((
          select max(at) from decisions where decisions.project_id = releases.project_id
            and decisions.release_id = releases.id and decisions.kind in ('promote', 'close')
        ), '-infinity')
        and (
          select count(*) from labels where labels.project_id = selections.project_id
            and labels.release_id = selections.release_id and labels.sequence = selections.sequence
        ) < case arm when 'paired' then 2 else 1 end
    ) units
    where releases.project_id = ${projectId} and truth->>'kind' = 'outcome' and unit_source = 'stream' and ${isOpen}`)
  const before = new Date(now.getTime() - silentMs)
  return found.rows.map(({ id, agent, candidate, waiting, oldest, newest }) => ({
    kind: 'audits',
    // Beside the release itself, whose questions may wait as well.
    place: `${id} outcomes`,
    state:
      oldest !== null && new Date(oldest) <= before && (newest === null || new Date(newest) <= before)
        ? 'bad'
        : 'good',
    sentence: `No outcome of ${candidate} of ${agent}, or of its baseline, came for a day, and ${waiting} audited ${waiting === 1 ? 'unit waits' : 'units wait'} for one. See why none is imported: labels that do not come in time count against it.`,
  }))
}
