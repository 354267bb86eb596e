/** What people and models still have to answer until a release can be promoted, if the policies are equal. */
import type { CheckView } from '@leeway/contract/checks'
import type { ReleaseView } from '@leeway/contract/releases'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import type { ReleaseRow } from './release-store.ts'
import { truthOf } from './truth.ts'

/** Times above this are pauses, not work. */
const IDLE_SECONDS = 120

export async function answersToGo(
  executor: Executor,
  release: ReleaseRow,
  check: CheckView | null,
): Promise<ReleaseView['toGo']> {
  const truth = truthOf(release)
  if (truth.kind === 'outcome') return null
  const { projectId } = release
  const pace = await executor.execute<{ answers: number; seconds: number | null; week: number }>(sql`
    select count(*)::int as answers,
      percentile_cont(0.5) within group (order by least(extract(epoch from committed_at - started_at), ${IDLE_SECONDS}))
        filter (where started_at is not null) as seconds,
      (count(*) filter (where committed_at > now() - interval '7 days'))::int as week
    from ratings join raters on raters.project_id = ratings.project_id and raters.id = rater_id
    where ratings.project_id = ${projectId} and criterion_sha256 = ${truth.criterionSha256}
      and raters.kind = 'human' and ratings.kind = 'answered' and ratings.form = 'find'
      and ${isNotPlanted(projectId, sql`ratings.episode_id`)}`)
  const open = await executor.execute<{ open: number }>(sql`
    select count(*)::int as open from assignments
    join assignment_purposes on assignment_purposes.project_id = assignments.project_id and assignment_id = assignments.id
    where assignments.project_id = ${projectId} and release_id = ${release.id}
      and not exists (select 1 from ratings where ratings.project_id = assignments.project_id
        and ratings.assignment_id = assignments.id and ratings.kind = 'answered' and ratings.form = 'find'
        and not exists (select 1 from ratings later where later.project_id = ratings.project_id
          and later.supersedes = ratings.id))`)
  const cost = await executor.execute<{ usd: number | null }>(sql`
    select avg(cost_usd) as usd from model_calls where project_id = ${projectId} and status = 'answered'`)
  const { answers = 0, seconds = null, week = 0 } = pace.rows[0] ?? {}
  const waiting = open.rows[0]?.open ?? 0
  // Two arms; a pair needs an answer on each.
  const needed = check?.unitsNeededIfEqual == null ? null : check.unitsNeededIfEqual * 2
  const left = needed ?? waiting
  const usd = cost.rows[0]?.usd ?? null
  return {
    answers: left,
    peopleHours: answers < 5 || seconds === null ? null : (left * seconds) / 3600,
    usd: usd === null ? null : left * usd,
    days: week === 0 ? null : (left * 7) / week,
    open: waiting,
  }
}
