/** What models and planters claim about a question on an episode, each quote checked against what raters are shown. */
import { quotedStep } from '@leeway/core/critiques/check-quote'
import type { Claim } from '@leeway/core/critiques/claim'
import { and, eq, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { stepTexts } from '../models/episode-text.ts'
import { lacksRole } from '../supervision/registered.ts'
import { plantedClaims } from './tables.ts'

/** `source`: the rating or planted claim it comes from; null: whoever looks must not know. */
export type ShownClaim = Claim & { readonly planted: boolean; readonly source: string }

export type Item = {
  readonly projectId: string
  readonly episodeId: string
  readonly criterionSha256: string
}

/** Claims that quote nothing that was said are left out: a rater should not have to find that out. */
export async function claimsAbout(executor: Executor, item: Item): Promise<readonly ShownClaim[]> {
  const written = await executor.execute<{ id: string; claims: readonly Claim[] }>(sql`
    select ratings.id, ratings.claims from ratings
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'model'
    where ratings.project_id = ${item.projectId} and ratings.episode_id = ${item.episodeId}
      and ratings.criterion_sha256 = ${item.criterionSha256} and jsonb_array_length(ratings.claims) > 0
      and ratings.kind <> 'withdrawn' and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      and coalesce((select tier from rater_tiers where rater_tiers.project_id = ratings.project_id
        and rater_tiers.rater_id = ratings.rater_id order by rater_tiers.id desc limit 1), '') <> 'suspended'
      and not ${lacksRole(item.projectId, sql`ratings.rater_id`, 'critic')}
    order by ratings.id`)
  const planted = await executor
    .select()
    .from(plantedClaims)
    .where(
      and(
        eq(plantedClaims.projectId, item.projectId),
        eq(plantedClaims.episodeId, item.episodeId),
        eq(plantedClaims.criterionSha256, item.criterionSha256),
      ),
    )
  const all: ShownClaim[] = [
    ...written.rows.flatMap(({ id, claims }) =>
      claims.map((claim) => ({ ...claim, planted: false, source: id })),
    ),
    ...planted.map(({ id, claim }) => ({ ...(claim as Claim), planted: true, source: id })),
  ]
  if (all.length === 0) return []
  const [stored] = await storedEpisodes(executor, item.projectId, [item.episodeId])
  if (stored === undefined) return []
  const texts = stepTexts(stored.episode)
  return all.flatMap((claim) => {
    const step = quotedStep(claim, texts)
    return step === null ? [] : [{ ...claim, step }]
  })
}
