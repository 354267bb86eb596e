/**
 * Has the supervisor of an open release answer about what was drawn for it, without anybody asking: the candidate's episodes in the
 * order of their units, with planted faults among them. It is a run like any other: each of its questions is asked once whoever
 * dies, and within what the project may spend in a day. Nothing is ordered where nothing may be spent.
 *
 * What a run was to ask is in no later one, answered or not: a question that the model refused stays refused.
 */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { requireJudge } from '../models/judge.ts'
import { recordRun } from '../models/record-run.ts'
import { readSpend } from '../models/spend.ts'
import type { CriterionTruth } from '../releases/truth.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { canariesOf } from './canaries.ts'
import { supervisorOf } from './freeze-link.ts'
import { registeredAs } from './registered.ts'

/** Of one run: more follow when they are answered, so that little was ordered in vain when a release is rolled back. */
const EPISODES_AT_ONCE = 200
/** Who started the release and set the limit is in the ledger. */
const STARTED_BY = 'system:supervision'

type Release = { readonly projectId: string; readonly id: string; readonly candidatePolicyId: string }

/** Safe to repeat. The caller holds the lock of the release. */
export async function askSupervisor(
  tx: Transaction,
  effects: Pick<Effects, 'ledgerSigner' | 'newId' | 'now'>,
  release: Release,
  truth: CriterionTruth,
): Promise<void> {
  const { projectId } = release
  const raterId = (await supervisorOf(tx, release))?.raterId ?? null
  if (raterId === null || !(await mayBeAsked(tx, effects.now(), projectId, raterId, truth))) return
  const episodes = await waiting(tx, release, truth, raterId)
  if (episodes.length === 0) return
  await recordRun(
    tx,
    effects,
    {
      projectId,
      id: effects.newId(),
      raterId,
      rubricId: truth.rubricId,
      scope: { episodes, criteria: [truth.criterionSha256] },
      startedBy: STARTED_BY,
      startedAt: effects.now(),
    },
    { release: release.id },
  )
}

/** Registered still, about a question that is for models, at a known price that the project may spend. */
async function mayBeAsked(
  tx: Transaction,
  now: Date,
  projectId: string,
  raterId: string,
  { criterionSha256 }: CriterionTruth,
): Promise<boolean> {
  const registered = await registeredAs(tx, projectId, raterId)
  if (registered?.roles.includes('rater') !== true) return false
  const criterion = (await criteriaByHash(tx, projectId, [criterionSha256])).get(criterionSha256)
  if (criterion?.answeredBy.includes('model') !== true) return false
  const { usdPerMillion } = (await requireJudge(tx, projectId, raterId)).definition
  if (usdPerMillion === null) return false
  const isFree = usdPerMillion.input === 0 && usdPerMillion.output === 0
  return isFree || (await readSpend(tx, projectId, now)).usdPerDay > 0
}

/**
 * None while an earlier run of this kind has questions left: one that a person started may wait for a voice that is wanted no more,
 * and never end. Mixed: neither the order nor the place says which are planted.
 */
async function waiting(
  tx: Transaction,
  { projectId, id, candidatePolicyId }: Release,
  { criterionSha256 }: CriterionTruth,
  raterId: string,
): Promise<readonly string[]> {
  const place = { projectId, policyId: candidatePolicyId, criterionSha256 }
  const hasText = (episodeId: ReturnType<typeof sql>) => sql`exists (select 1 from episode_chunks
    where episode_chunks.project_id = ${projectId} and episode_chunks.episode_id = ${episodeId}
      and episode_chunks.kind = ${CHUNK_KIND.detail} and episode_chunks.ordinal = 0)`
  const { rows } = await tx.execute<{ id: string }>(sql`
    with ordered as materialized (
      select episode.id::uuid as id from judge_runs
      cross join lateral jsonb_array_elements_text(judge_runs.scope->'episodes') as episode (id)
      where judge_runs.project_id = ${projectId} and judge_runs.rater_id = ${raterId}
        and judge_runs.started_by = ${STARTED_BY} and judge_runs.scope->'criteria' ? ${criterionSha256}
    ),
    answered as materialized (
      select episode_id as id from ratings where project_id = ${projectId} and rater_id = ${raterId}
        and criterion_sha256 = ${criterionSha256}
    ),
    drawn as (
      select episodes.id, min(selections.sequence) as sequence from selections
      join episodes on episodes.project_id = selections.project_id and episodes.policy_id = ${candidatePolicyId}
        and episodes.unit_key = selections.unit_key
      where selections.project_id = ${projectId} and selections.release_id = ${id}
        and selections.arm in ('paired', 'candidate')
      group by episodes.id
    ),
    next as (
      (select id from drawn where id not in (select id from ordered union all select id from answered)
        and ${hasText(sql`drawn.id`)} order by sequence, id limit ${EPISODES_AT_ONCE})
      union all
      select canary.id from ${canariesOf(place)} canary
      where canary.id not in (select id from ordered union all select id from answered) and ${hasText(sql`canary.id`)}
    )
    select id from next
    where not exists (select 1 from ordered where id not in (select id from answered) and ${hasText(sql`ordered.id`)})
    order by md5(id::text)`)
  return rows.map((row) => row.id)
}
