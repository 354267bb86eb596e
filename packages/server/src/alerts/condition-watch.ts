/**
 * What whoever is on call should know, looked at every half minute from what is counted anyhow: nothing is measured for it where
 * agents are served. What a process alone knows (its disk, its view of an upstream) has a place of its own for each.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { UpstreamStanding } from '../gateway/patient-upstreams.ts'
import type { Effects } from '../http/environment.ts'
import { awaitedOutcomes } from './awaited-outcomes.ts'
import { type Condition, noteConditions } from './note-conditions.ts'

export type WatchedProcess = {
  /** The same after a restart: what began before it also ends. */
  readonly name: string
  readonly spool: () => { readonly bytes: number }
  readonly spoolBytesMax: number
  readonly upstreams: () => readonly UpstreamStanding[]
}

/** Shares of the spool at which it is nearly full, and at which it is not any more. */
const SPOOL_BAD = 0.8
const SPOOL_GOOD = 0.5
const SILENT_MS = 24 * 3_600_000
const STANDS_MS = 24 * 3_600_000

/** By upstream: what had been answered when it was found stopped. It is back when more was. */
type AnsweredBefore = Map<string, number>

/** To be called again and again. */
export function conditionWatch(effects: Effects, own: WatchedProcess): () => Promise<void> {
  const answeredBefore: AnsweredBefore = new Map()
  return () => watchConditions(effects, own, answeredBefore)
}

async function watchConditions(
  effects: Effects,
  own: WatchedProcess,
  answeredBefore: AnsweredBefore,
): Promise<void> {
  const projects = await effects.db.execute<{ id: string; is_served: boolean }>(sql`
    select id, exists (select from autonomy_contracts where project_id = projects.id) as is_served from projects`)
  for (const { id, is_served: isServed } of projects.rows) {
    const conditions = [
      ...(isServed ? [spoolCondition(own)] : []),
      ...upstreamConditions(own, id, answeredBefore),
      ...(await releaseConditions(effects.db, id)),
      ...(await auditConditions(effects.db, id, effects.now())),
      ...(await awaitedOutcomes(effects.db, id, {
        now: effects.now(),
        silentMs: SILENT_MS,
        isOpen: isClimbing(id, sql`releases.id`),
      })),
    ]
    // A process that is gone for good says nothing of its own any more; one that is there says it again.
    const before = effects.now().getTime() - STANDS_MS
    await noteConditions(
      effects,
      id,
      conditions,
      ({ kind, at }) =>
        kind === 'release' || kind === 'audits' || (kind !== 'drift' && Date.parse(at) <= before),
    )
  }
}

function spoolCondition({ name, spool, spoolBytesMax }: WatchedProcess): Condition {
  const share = spool().bytes / spoolBytesMax
  return {
    kind: 'spool',
    place: name,
    state: share > SPOOL_BAD ? 'bad' : share < SPOOL_GOOD ? 'good' : 'between',
    sentence: `${Math.round(100 * share)} % of the room for records that wait for the database is taken (${name}). When it is full nothing is served. See why the database takes none.`,
  }
}

function upstreamConditions(
  { name, upstreams }: WatchedProcess,
  projectId: string,
  answeredBefore: AnsweredBefore,
): readonly Condition[] {
  return upstreams()
    .filter((standing) => standing.projectId === projectId)
    .map(({ upstream, calls, failures, isOpen }) => {
      const place = `${upstream} ${name}`
      const key = `${projectId} ${place}`
      const answered = calls - failures
      if (isOpen) answeredBefore.set(key, answered)
      const isBack = !isOpen && answered > (answeredBefore.get(key) ?? 0)
      return {
        kind: 'upstream',
        place,
        state: isOpen ? 'bad' : isBack ? 'good' : 'between',
        sentence: `The upstream ${upstream} failed again and again and is left alone (${name}); it is tried every ten seconds. What it serves is answered by its fallback, or not at all.`,
      }
    })
}

/** Releases that are open and whose newest check calls them unhealthy. */
async function releaseConditions(executor: Executor, projectId: string): Promise<readonly Condition[]> {
  const found = await executor.execute<{
    id: string
    agent: string
    candidate: string
    verdict: string
    reason: string
  }>(sql`
    select releases.id, agents.name as agent, policies.name as candidate, newest.result->>'verdict' as verdict,
      newest.result->>'reason' as reason
    from releases
    join agents on agents.project_id = releases.project_id and agents.id = releases.agent_id
    join policies on policies.project_id = releases.project_id and policies.id = releases.candidate_policy_id
    cross join lateral (
      select result from checks where checks.project_id = releases.project_id and checks.release_id = releases.id
      order by ordinal desc limit 1
    ) newest
    where releases.project_id = ${projectId} and ${isClimbing(projectId, sql`releases.id`)}`)
  return found.rows.map(({ id, agent, candidate, verdict, reason }) => ({
    kind: 'release',
    place: id,
    state: verdict === 'unhealthy' ? 'bad' : 'good',
    sentence: `The release of ${candidate} of ${agent} proves nothing any more: ${UNHEALTHY[reason] ?? reason}.`,
  }))
}

const UNHEALTHY: Readonly<Record<string, string>> = {
  'labels-missing': 'too many labels are missing',
  'arms-unbalanced': 'the split of its units is not as it was drawn',
  'no-units': 'no unit came',
}

/** Open releases whose questions wait for people, and none was answered for a day. */
async function auditConditions(
  executor: Executor,
  projectId: string,
  now: Date,
): Promise<readonly Condition[]> {
  const before = new Date(now.getTime() - SILENT_MS)
  const found = await executor.execute<{
    id: string
    agent: string
    candidate: string
    waiting: number
    oldest: string | null
    newest: string | null
  }>(sql`
    with asked as (
      select purposes.release_id, purposes.created_at, (
        select min(committed_at) from ratings where ratings.project_id = purposes.project_id
          and ratings.assignment_id = purposes.assignment_id and ratings.kind = 'answered'
      ) as answered_at
      from assignment_purposes purposes
      where purposes.project_id = ${projectId} and purpose = 'audit' and ${isClimbing(projectId, sql`purposes.release_id`)}
    )
    select releases.id, agents.name as agent, policies.name as candidate,
      (count(*) filter (where answered_at is null))::int as waiting,
      min(asked.created_at) filter (where answered_at is null) as oldest, max(answered_at) as newest
    from asked
    join releases on releases.project_id = ${projectId} and releases.id = asked.release_id
    join agents on agents.project_id = releases.project_id and agents.id = releases.agent_id
    join policies on policies.project_id = releases.project_id and policies.id = releases.candidate_policy_id
    group by releases.id, agents.name, policies.name`)
  const isLongAgo = (at: string | null) => at === null || new Date(at) <= before
  return found.rows.map(({ id, agent, candidate, waiting, oldest, newest }) => ({
    kind: 'audits',
    place: id,
    state: waiting > 0 && oldest !== null && isLongAgo(oldest) && isLongAgo(newest) ? 'bad' : 'good',
    sentence: `No question about ${candidate} of ${agent} was answered for a day, and ${waiting} wait. Labels that do not come in time count against it.`,
  }))
}

const isClimbing = (projectId: string, releaseId: SQL) => sql`not exists (
  select from decisions where decisions.project_id = ${projectId} and decisions.release_id = ${releaseId}
    and decisions.kind in ('rollback', 'complete'))`
