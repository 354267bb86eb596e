/** Asks people about units that were drawn, where the truth of the release is what people answer: the next few in order. */
import { sql } from 'drizzle-orm'
import { openAssignments } from '../assignments/open-assignments.ts'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { episodesOfUnits } from '../releases/criterion-labels.ts'
import { UNITS_OPEN } from '../releases/open-audits.ts'
import type { releases } from '../releases/tables.ts'
import { truthOf } from '../releases/truth.ts'

/** Does nothing where the truth is an outcome. Safe to repeat: a question is asked once. */
export async function openWatchAudits(
  tx: Transaction,
  effects: Pick<Effects, 'newId' | 'now' | 'randomBytes'>,
  release: typeof releases.$inferSelect,
): Promise<void> {
  const truth = truthOf(release)
  if (truth.kind === 'outcome') return
  const { projectId, id: releaseId } = release
  const waiting = await tx.execute<{ unit_key: string }>(sql`
    select unit_key from watched_units units
    where project_id = ${projectId} and release_id = ${releaseId} and drawn
      and not exists (select 1 from watch_readings read where read.project_id = units.project_id
        and read.release_id = units.release_id and read.sequence = units.sequence)
    order by sequence limit ${UNITS_OPEN}`)
  const units = waiting.rows.map((row) => row.unit_key)
  const episodes = await episodesOfUnits(tx, projectId, release.candidatePolicyId, units)
  if (episodes.length === 0) return
  // An audit like any other, of no release that is open: its sequences are not those of the release.
  await openAssignments(tx, effects, projectId, {
    rubricId: truth.rubricId,
    criterionSha256: truth.criterionSha256,
    answersWanted: 1,
    episodeIds: episodes.map(({ episodeId }) => episodeId),
    purpose: 'audit',
  })
}
