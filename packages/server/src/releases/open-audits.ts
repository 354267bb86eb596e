/**
 * Puts the questions of a release into the inbox of its raters: those of the next units in sequence order, with gold
 * among them. Only a few at a time, because the gate reads in order: answers far ahead would move nothing.
 */
import { sql } from 'drizzle-orm'
import { openAssignments } from '../assignments/open-assignments.ts'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { isRetired } from '../vetting/retired.ts'
import { episodesOfUnits } from './criterion-labels.ts'
import type { ReleaseRow } from './release-store.ts'
import { truthOf } from './truth.ts'

/** Units whose questions are open at once: a day's work for a small team, and little to throw away at a rollback. */
export const UNITS_OPEN = 60
/** Gold items of the part that measures, open at once. They look like any other question. */
const GOLD_OPEN = 20

type Waiting = { readonly sequence: number; readonly unitKey: string; readonly arms: readonly string[] }

/** Does nothing where the truth is an outcome. Safe to repeat: a question is asked once. */
export async function openAudits(
  tx: Transaction,
  effects: Pick<Effects, 'newId' | 'now' | 'randomBytes'>,
  release: ReleaseRow,
  stage: string,
): Promise<void> {
  const truth = truthOf(release)
  if (truth.kind === 'outcome') return
  const { projectId } = release
  const question = { rubricId: truth.rubricId, criterionSha256: truth.criterionSha256, answersWanted: 1 }
  const waiting = await unlabelledUnits(tx, release, stage)
  for (const [arm, policyId] of [
    ['candidate', release.candidatePolicyId],
    ['baseline', release.baselinePolicyId],
  ] as const) {
    const units = waiting.filter(({ arms }) => arms.includes(arm))
    const sequences = new Map(units.map(({ unitKey, sequence }) => [unitKey, sequence]))
    const episodes = await episodesOfUnits(tx, projectId, policyId, [...sequences.keys()])
    for (const [unitKey, sequence] of sequences) {
      const episodeIds = episodes.filter((one) => one.unitKey === unitKey).map(({ episodeId }) => episodeId)
      if (episodeIds.length > 0)
        await openAssignments(tx, effects, projectId, {
          ...question,
          episodeIds,
          purpose: 'audit',
          releaseId: release.id,
          sequence,
        })
    }
  }
  if (truth.labelError !== 'shared') return
  const gold = await tx.execute<{ episode_id: string }>(sql`
    select episode_id from gold_answers
    where project_id = ${projectId} and criterion_sha256 = ${truth.criterionSha256} and part = 'measure'
      and not ${isRetired(projectId, { episodeId: sql`gold_answers.episode_id`, sha256: truth.criterionSha256 })}
      and not exists (select 1 from ratings where ratings.project_id = gold_answers.project_id
        and ratings.episode_id = gold_answers.episode_id
        and ratings.criterion_sha256 = gold_answers.criterion_sha256
        and ratings.kind = 'answered' and ratings.form = 'find' and ratings.assignment_id is not null)
    order by md5(episode_id::text) limit ${GOLD_OPEN}`)
  const episodeIds = gold.rows.map((row) => row.episode_id)
  if (episodeIds.length > 0)
    await openAssignments(tx, effects, projectId, { ...question, episodeIds, purpose: 'gold' })
}

/** The first audited units of the stage, in sequence order, that still lack a label. */
async function unlabelledUnits(
  tx: Transaction,
  release: ReleaseRow,
  stage: string,
): Promise<readonly Waiting[]> {
  const found = await tx.execute<{ sequence: string; unit_key: string; arms: string[] }>(sql`
    select sequence, unit_key, array_agg(arm_wanted) as arms
    from (
      select sequence, unit_key,
        unnest(case when arm = 'paired' then array['candidate', 'baseline'] else array[arm] end) as arm_wanted
      from selections
      left join audit_draws using (project_id, release_id, sequence)
      where project_id = ${release.projectId} and release_id = ${release.id} and stage = ${stage}
        and (audited or audit_draws.drawn)
    ) wanted
    where not exists (select 1 from labels where labels.project_id = ${release.projectId}
      and labels.release_id = ${release.id} and labels.sequence = wanted.sequence and labels.arm = arm_wanted)
    group by sequence, unit_key order by sequence limit ${UNITS_OPEN}`)
  return found.rows.map((row) => ({ sequence: Number(row.sequence), unitKey: row.unit_key, arms: row.arms }))
}
