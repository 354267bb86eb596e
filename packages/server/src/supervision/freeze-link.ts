/**
 * Freezes what a link is counted from as it comes in: what the supervisor said about the candidate's episodes and about planted
 * faults among them, and what independent audits said. Never changed, so that a look can be repeated.
 *
 * An audit is independent when it was drawn for the release and its answer is that of a trusted person who had not read any
 * critique of the episode: of somebody who revised it afterwards, the first answer.
 */
import type { LinkItem } from '@leeway/core/oversight/link-items'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../db/connect.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import { tierOfRater } from '../releases/criterion-labels.ts'
import type { CriterionTruth } from '../releases/truth.ts'
import { canariesOf } from './canaries.ts'
import { linkItems, releaseSupervisors } from './tables.ts'

/** Rows of one insert; keeps the statement under PostgreSQL's 65,535 parameters. */
const ROWS_AT_ONCE = 5_000

type Release = { readonly projectId: string; readonly id: string; readonly candidatePolicyId: string }

/** Safe to repeat. The caller holds the lock of the release. */
export async function freezeLink(
  tx: Transaction,
  now: Date,
  release: Release,
  truth: CriterionTruth,
): Promise<void> {
  const chosen = await supervisorOf(tx, release)
  if (chosen?.raterId == null) return
  const fresh = await unfrozen(tx, release, truth, chosen.raterId)
  if (fresh.length === 0) return
  const last = (await frozenItems(tx, release)).length
  const rows = fresh.map(({ kind, item, said }, index) => ({
    projectId: release.projectId,
    releaseId: release.id,
    ordinal: last + index + 1,
    kind,
    itemId: item,
    said,
    at: now,
  }))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await tx.insert(linkItems).values(rows.slice(from, from + ROWS_AT_ONCE))
}

export async function supervisorOf(executor: Executor, { projectId, id }: Pick<Release, 'projectId' | 'id'>) {
  const [row] = await executor
    .select()
    .from(releaseSupervisors)
    .where(and(eq(releaseSupervisors.projectId, projectId), eq(releaseSupervisors.releaseId, id)))
  return row
}

/** In the order in which they were frozen. */
export async function frozenItems(
  executor: Executor,
  { projectId, id }: Pick<Release, 'projectId' | 'id'>,
): Promise<readonly LinkItem[]> {
  const rows = await executor
    .select({ kind: linkItems.kind, item: linkItems.itemId, said: linkItems.said })
    .from(linkItems)
    .where(and(eq(linkItems.projectId, projectId), eq(linkItems.releaseId, id)))
    .orderBy(asc(linkItems.ordinal))
  return rows as readonly LinkItem[]
}

async function unfrozen(
  tx: Transaction,
  { projectId, id, candidatePolicyId }: Release,
  { criterionSha256, good }: CriterionTruth,
  raterId: string,
): Promise<readonly LinkItem[]> {
  const place = { projectId, policyId: candidatePolicyId, criterionSha256 }
  const { rows } = await tx.execute<LinkItem>(sql`
    with drawn as materialized (
      select episodes.id as episode_id, min(labels.labelled_at) as labelled_at
      from selections
      join episodes on episodes.project_id = selections.project_id and episodes.policy_id = ${candidatePolicyId}
        and episodes.unit_key = selections.unit_key
      left join labels on labels.project_id = selections.project_id and labels.release_id = selections.release_id
        and labels.sequence = selections.sequence and labels.arm = 'candidate' and labels.failure is not null
      where selections.project_id = ${projectId} and selections.release_id = ${id}
        and selections.arm in ('paired', 'candidate')
      group by episodes.id
    ),
    said as (
      select ratings.id, ratings.episode_id, ratings.kind, ratings.value #>> '{}' as value, ratings.committed_at
      from ratings where project_id = ${projectId} and rater_id = ${raterId}
        and criterion_sha256 = ${criterionSha256} and ratings.kind <> 'withdrawn' and ratings.form = 'find'
    ),
    unaided as (
      select distinct on (ratings.episode_id) ratings.episode_id, ratings.value #>> '{}' as value
      from ratings join drawn on drawn.episode_id = ratings.episode_id and drawn.labelled_at is not null
      ${tierOfRater(isTrustedTier(sql`newest.tier`))}
      where ratings.project_id = ${projectId} and ratings.criterion_sha256 = ${criterionSha256}
        and ratings.kind = 'answered' and ratings.assistance = 'none' and ratings.form = 'find'
        and not exists (select 1 from ratings later where later.project_id = ratings.project_id
          and later.supersedes = ratings.id and later.assistance = 'none')
      order by ratings.episode_id, ratings.committed_at, ratings.id
    ),
    items as (
      select 'answer' as kind, said.episode_id as item, said.committed_at as at, case when said.kind <> 'answered' then 'none'
        when said.value = ${good} then 'sound' else 'fault' end as said
      from said join drawn using (episode_id)
      union all
      select 'audit', episode_id, labelled_at, case when value = ${good} then 'sound' else 'fault' end
      from unaided join drawn using (episode_id)
      union all
      select 'canary', canary.id, said.committed_at, case when said.kind <> 'answered' then 'none'
        when said.value = canary.value then 'fault' else 'sound' end
      from ${canariesOf(place)} canary join said on said.episode_id = canary.id where canary.value <> ${good}
    )
    select kind, item, said from items
    where not exists (select 1 from link_items frozen where frozen.project_id = ${projectId}
      and frozen.release_id = ${id} and frozen.kind = items.kind and frozen.item_id = items.item)
    order by at, kind, item`)
  return rows
}
