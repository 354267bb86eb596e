/**
 * What models, people and planters claim about a question on an episode, each quote checked against what raters are shown.
 *
 * A planted copy gets what was claimed of its original too, as far as the words still stand: a copy that nobody ever says
 * anything of would be known by it. Who has judged the copy itself is heard of the copy alone, so that it has no more either.
 */
import { quotedStep } from '@leeway/core/critiques/check-quote'
import type { Claim } from '@leeway/core/critiques/claim'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { storedWords } from '../episodes/stored-episode.ts'
import { stepTexts } from '../models/episode-text.ts'
import { episodeOrOriginal } from '../planted-faults/episode-or-original.ts'
import { lacksRole } from '../supervision/registered.ts'
import { barredAbout } from '../supervision/unheard.ts'

export type ClaimAuthor = 'model' | 'person'

/** `source`: the rating, or the row, that it comes from. Whoever looks must know neither it nor the author. */
export type ShownClaim = Claim & {
  readonly planted: boolean
  /** Null: planted. */
  readonly author: ClaimAuthor | null
  readonly source: string
}

export type Item = {
  readonly projectId: string
  readonly episodeId: string
  readonly criterionSha256: string
}

/** Claims that quote nothing that was said are left out: a rater should not have to find that out. */
export async function claimsAbout(executor: Executor, item: Item): Promise<readonly ShownClaim[]> {
  const all = [
    ...(await claimsOfModels(executor, item)),
    ...(await claimsOfPeople(executor, item)),
    ...(await claimsPlanted(executor, item)),
  ]
  if (all.length === 0) return []
  const text = await storedWords(executor, item.projectId, item.episodeId)
  if (text === undefined) return []
  const texts = stepTexts(text)
  return all.flatMap((claim) => {
    const step = quotedStep(claim, texts)
    return step === null ? [] : [{ ...claim, step }]
  })
}

async function claimsOfModels(executor: Executor, item: Item): Promise<readonly ShownClaim[]> {
  const { rows: all } = await executor.execute<{ id: string; rater: string; claims: readonly Claim[] }>(sql`
    select id, rater, claims from (
      select distinct on (ratings.rater_id) ratings.id, ratings.rater_id as rater, ratings.claims from ratings
      join ${episodeOrOriginal(item.projectId, item.episodeId)} about on about.episode_id = ratings.episode_id
      join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'model'
      where ratings.project_id = ${item.projectId} and ratings.criterion_sha256 = ${item.criterionSha256}
        and ratings.kind <> 'withdrawn' and not exists (select 1 from ratings later
          where later.project_id = ratings.project_id and later.supersedes = ratings.id)
        and (ratings.kind <> 'abstained' or jsonb_array_length(ratings.claims) > 0)
        and not ${isSuspended(item.projectId, sql`ratings.rater_id`)}
        and not ${lacksRole(item.projectId, sql`ratings.rater_id`, 'critic')}
      order by ratings.rater_id, about.place
    ) newest order by id`)
  if (all.length === 0) return []
  const barred = await barredAbout(executor, item.projectId, item.episodeId, ['critic'])
  const rows = all.filter(({ rater }) => !barred.has(rater))
  return rows.flatMap(({ id, claims }) =>
    claims.map((claim) => ({ ...claim, planted: false, author: 'model' as const, source: id })),
  )
}

async function claimsOfPeople(executor: Executor, item: Item): Promise<readonly ShownClaim[]> {
  const { rows } = await executor.execute<{ id: string; claim: Claim }>(sql`
    select written.id, written.claim from written_claims written
    join ${episodeOrOriginal(item.projectId, item.episodeId)} about on about.episode_id = written.episode_id
    where written.project_id = ${item.projectId} and written.criterion_sha256 = ${item.criterionSha256}
      and written.claim is not null and not exists (select 1 from written_claims later
        where later.project_id = written.project_id and later.takes_back = written.id)
      and not ${isSuspended(item.projectId, sql`written.rater_id`)}
    order by written.id`)
  return rows.map(({ id, claim }) => ({ ...claim, planted: false, author: 'person', source: id }))
}

async function claimsPlanted(executor: Executor, item: Item): Promise<readonly ShownClaim[]> {
  const { rows } = await executor.execute<{ id: string; claim: Claim }>(sql`
    select planted.id, planted.claim from planted_claims planted
    join ${episodeOrOriginal(item.projectId, item.episodeId)} about on about.episode_id = planted.episode_id
    where planted.project_id = ${item.projectId} and planted.criterion_sha256 = ${item.criterionSha256}
    order by planted.id`)
  return rows.map(({ id, claim }) => ({ ...claim, planted: true, author: null, source: id }))
}

const isSuspended = (projectId: string, raterId: SQL) => sql`(coalesce((
  select tier from rater_tiers where rater_tiers.project_id = ${projectId}
    and rater_tiers.rater_id = ${raterId} order by rater_tiers.id desc limit 1), '') = 'suspended')`
