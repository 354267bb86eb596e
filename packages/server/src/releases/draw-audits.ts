/**
 * Draws whether a unit that arrived is audited, after it has ended: until then nobody could know, whatever they can read.
 *
 * The draw takes what was not there before the end, the hash of the unit's first episode, and the release's seed, which nobody
 * knows before the release is over. So it cannot be foreseen, and can be repeated by whoever has the revealed seed. The
 * probability was fixed when the unit was assigned. A unit that does not end in time is drawn when its label is overdue.
 */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { unitKeyHash } from '../episodes/views.ts'
import { draw } from './draw.ts'
import { insertAuditDraws, type ReleaseRow, type SelectionRow, selectionsOf } from './release-store.ts'

/** Safe to repeat: a unit is drawn once. */
export async function drawAudits(
  tx: Transaction,
  release: ReleaseRow,
  now: Date,
  stage: string,
): Promise<void> {
  const { projectId, id: releaseId } = release
  const awaiting = await selectionsOf(tx, projectId, releaseId, stage, 'awaiting-audit-draw')
  if (awaiting.length === 0) return
  const seed = Buffer.from(release.seedHex, 'hex')
  const ended = {
    candidate: await endsOfUnits(tx, projectId, release.candidatePolicyId, ofArm(awaiting, 'candidate')),
    baseline: await endsOfUnits(tx, projectId, release.baselinePolicyId, ofArm(awaiting, 'baseline')),
  }
  await insertAuditDraws(
    tx,
    awaiting.flatMap(({ sequence, arm, unitKey, auditProbability, labelDueAt }) => {
      const isOverdue = labelDueAt !== null && labelDueAt <= now
      const endedBy = ended[arm as 'candidate' | 'baseline'].get(unitKey) ?? (isOverdue ? '' : null)
      if (endedBy === null) return []
      const drawn = draw(seed, 'audit at end', sequence, arm, endedBy) < auditProbability
      return [{ projectId, releaseId, sequence, probability: auditProbability, endedBy, drawn, drawnAt: now }]
    }),
  )
}

const ofArm = (rows: readonly SelectionRow[], arm: string) =>
  rows.filter((row) => row.arm === arm).map(({ unitKey }) => unitKey)

/** Content hash of the first episode of each unit that has one, erased or not. */
async function endsOfUnits(
  tx: Transaction,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (unitKeys.length === 0) return new Map()
  const found = await tx.execute<{ unit_key: string; content_hash: string }>(sql`
    with units as materialized (
      select distinct value as unit_key from json_array_elements_text(${JSON.stringify(unitKeys)}::json)
    )
    select distinct on (unit_key) unit_key, content_hash from (
      select units.unit_key, content_hash, id from units
      join episodes on episodes.project_id = ${projectId} and policy_id = ${policyId}
        and episodes.unit_key = units.unit_key
      union all
      select units.unit_key, content_hash, episode_id from units
      join episode_tombstones on project_id = ${projectId} and policy_id = ${policyId}
        and unit_key_sha256 = ${unitKeyHash(projectId, sql`units.unit_key`)}
    ) parts order by unit_key, id`)
  return new Map(found.rows.map((row) => [row.unit_key, row.content_hash]))
}
