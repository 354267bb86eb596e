/** The pairs of a release that differ, each side by side: which side is the candidate is drawn from the secret seed. */
import type { PairView } from '@leeway/contract/releases'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { EpisodeAliases } from '../episodes/episode-alias.ts'
import { draw } from './draw.ts'
import type { ReleaseRow } from './release-store.ts'

/**
 * In the order of the draw, from behind `after`. A unit with several episodes shows the first of each policy. Pairs that
 * did the same are left out where the release knows them.
 */
export async function listPairs(
  executor: Executor,
  aliases: EpisodeAliases,
  release: ReleaseRow,
  page: { readonly limit: number; readonly after: number },
): Promise<readonly PairView[]> {
  const { projectId, candidatePolicyId, baselinePolicyId } = release
  const first = (policyId: string) => sql`
    select id from episodes where episodes.project_id = selections.project_id
      and episodes.policy_id = ${policyId} and episodes.unit_key = selections.unit_key order by id limit 1`
  const found = await executor.execute<{ sequence: string; candidate: string; baseline: string }>(sql`
    select sequence, candidate.id as candidate, baseline.id as baseline
    from selections
    cross join lateral (${first(candidatePolicyId)}) candidate
    cross join lateral (${first(baselinePolicyId)}) baseline
    where selections.project_id = ${projectId} and release_id = ${release.id} and arm = 'paired' and not identical
      and sequence > ${page.after}
    order by sequence limit ${page.limit}`)
  const seed = Buffer.from(release.seedHex, 'hex')
  return found.rows.map((row) => {
    const sequence = Number(row.sequence)
    const sides = [row.candidate, row.baseline].map((id) => aliases.aliasOf(projectId, id))
    if (draw(seed, 'side', sequence) < 0.5) sides.reverse()
    const [left = '', right = ''] = sides
    return { sequence, left, right }
  })
}
