/**
 * Puts the parts of split questions to raters: people find them in their inbox, model raters in a run. In the background, from
 * the tables alone: what was opened is recorded in the transaction that opens it, so that nothing is asked twice, whoever dies.
 *
 * A question about an episode is taken by its place in the queue, whatever it is asked for: that a part is asked tells nothing of
 * known answers or audits. Only some are opened ahead of the answers, however long the queue.
 */
import { type SQL, sql } from 'drizzle-orm'
import { openAssignments } from '../assignments/open-assignments.ts'
import type { Transaction } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { startPartRuns } from './part-runs.ts'
import { type Asking, type OpenedPart, partsWithin } from './parts-within.ts'
import { type TreeNode, treeOf } from './split-tree.ts'
import { type SplitRow, splitRulesOf, standingSplits } from './stored-splits.ts'
import { splitOpenings } from './tables.ts'

/** Questions about an episode whose parts are asked and which nobody has answered yet. */
const AHEAD_MAX = 100
/** More are opened when no more than this wait: many at once make one run of a model. */
const AHEAD_MIN = 50

export async function openParts(effects: Effects): Promise<void> {
  const { rows } = await effects.db.execute<{ project_id: string }>(
    sql`select distinct project_id from split_rules`,
  )
  for (const { project_id: projectId } of rows)
    for (const split of (await standingSplits(effects.db, projectId)).values())
      await openPartsOf(effects, split)
}

async function openPartsOf(effects: Effects, split: SplitRow): Promise<void> {
  const { projectId, criterionSha256 } = split
  await effects.db.transaction(async (tx) => {
    const free = await tx.execute<{ free: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtext(${`parts:${projectId}`})) as free`,
    )
    const rules = await splitRulesOf(tx, projectId)
    if (free.rows[0]?.free !== true || rules === null) return
    const waiting = await countWaiting(tx, split)
    if (waiting > AHEAD_MIN) return
    const episodeIds = await nextEpisodes(tx, split, AHEAD_MAX - waiting)
    if (episodeIds.length === 0) return
    const [, ...nodes] = treeOf(criterionSha256, await standingSplits(tx, projectId))
    const asking: Asking = {
      projectId,
      nodes,
      rules,
      criteria: await criteriaByHash(
        tx,
        projectId,
        nodes.map(({ sha256 }) => sha256),
      ),
    }
    const opened: { readonly episodeId: string; readonly asked: readonly OpenedPart[] }[] = []
    for (const episodeId of episodeIds) {
      const [stored] = await storedEpisodes(tx, projectId, [episodeId])
      if (stored === undefined) continue
      const { asked, leftOut } = await partsWithin(tx, asking, {
        episode: stored.episode,
        episodeId,
        criterionSha256,
      })
      await tx.insert(splitOpenings).values({
        projectId,
        id: effects.newId(),
        splitId: split.id,
        criterionSha256,
        episodeId,
        asked,
        leftOut: [...leftOut],
        answers: asked.reduce((sum, part) => sum + part.people, 0),
        usdMax: asked.reduce((sum, part) => sum + part.usdMax, 0),
        at: effects.now(),
      })
      opened.push({ episodeId, asked })
    }
    await askPeople(tx, effects, split, nodes, opened)
    await startPartRuns(tx, effects, split, opened)
  })
}

async function askPeople(
  tx: Transaction,
  effects: Effects,
  { projectId, rubricId }: SplitRow,
  nodes: readonly TreeNode[],
  opened: readonly { readonly episodeId: string; readonly asked: readonly OpenedPart[] }[],
): Promise<void> {
  for (const { sha256, answersWanted } of nodes) {
    const episodeIds = opened.flatMap(({ episodeId, asked }) =>
      asked.some((part) => part.sha256 === sha256 && part.people > 0) ? [episodeId] : [],
    )
    if (episodeIds.length > 0)
      await openAssignments(tx, effects, projectId, {
        rubricId,
        criterionSha256: sha256,
        episodeIds,
        answersWanted,
        purpose: 'part',
      })
  }
}

/** Opened, and no person has said anything to the whole. */
async function countWaiting(tx: Transaction, { projectId, id, criterionSha256 }: SplitRow): Promise<number> {
  const { rows } = await tx.execute<{ waiting: number }>(sql`
    select count(*)::int as waiting from split_openings opened
    where opened.project_id = ${projectId} and opened.split_id = ${id}
      and ${isUnanswered(projectId, criterionSha256, sql`opened.episode_id`)}`)
  return rows[0]?.waiting ?? 0
}

/**
 * Asked as a whole for whatever reason but as a part of another, whose parts come with that one. What only those are asked for
 * whom it was drawn has its parts too, however often it was answered: such questions come again. Of a planted copy the parts of its
 * original are asked, which are shown with the copy, too.
 */
async function nextEpisodes(
  tx: Transaction,
  { projectId, id, criterionSha256 }: SplitRow,
  count: number,
): Promise<readonly string[]> {
  const { rows } = await tx.execute<{ episode_id: string }>(sql`
    select asked.episode_id from (
      select coalesce(fault.episode_id, assignments.episode_id) as episode_id, position, answers_wanted from assignments
      left join planted_faults fault on fault.project_id = assignments.project_id and fault.id = assignments.episode_id
      where assignments.project_id = ${projectId} and assignments.criterion_sha256 = ${criterionSha256}
        and exists (select 1 from assignment_purposes purposes where purposes.project_id = assignments.project_id
          and purposes.assignment_id = assignments.id and purposes.purpose <> 'part')
    ) asked
    where not exists (select 1 from split_openings opened where opened.project_id = ${projectId}
        and opened.split_id = ${id} and opened.episode_id = asked.episode_id)
      and (answers_wanted = 0 or ${isUnanswered(projectId, criterionSha256, sql`asked.episode_id`)})
      and exists (select 1 from episode_chunks where episode_chunks.project_id = ${projectId}
        and episode_chunks.episode_id = asked.episode_id and episode_chunks.kind = ${CHUNK_KIND.detail})
    group by asked.episode_id order by min(position), asked.episode_id limit ${count}`)
  return rows.map(({ episode_id }) => episode_id)
}

const isUnanswered = (projectId: string, criterionSha256: string, episodeId: SQL) => sql`not exists (
  select 1 from ratings join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id
    and raters.kind = 'human'
  where ratings.project_id = ${projectId} and ratings.episode_id = ${episodeId}
    and ratings.criterion_sha256 = ${criterionSha256} and ratings.kind <> 'withdrawn')`
