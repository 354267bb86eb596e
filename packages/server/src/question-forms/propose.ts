/** Which answer is put to a rater to be checked: somebody's that stands, or a wrong one where the right one is known. */
import { optionsOf, type Scale } from '@leeway/core/rubrics/scale'
import { sql } from 'drizzle-orm'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'

export type Proposal = {
  readonly proposed: string
  readonly sourceRatingId: string | null
  readonly planted: boolean
}
type Item = {
  readonly projectId: string
  readonly raterId: string
  readonly episodeId: string
  readonly criterionSha256: string
}

/**
 * `known`: the right answer where it may be used, else null. Null when nobody else's answer stands: then nothing is planted
 * either, or a proposal about an item that nobody answered would show itself as planted.
 */
export async function propose(
  executor: Executor,
  effects: Pick<Effects, 'randomBytes'>,
  { projectId, raterId, episodeId, criterionSha256 }: Item,
  {
    scale,
    known,
    plantedShare,
  }: { readonly scale: Scale; readonly known: string | null; readonly plantedShare: number },
): Promise<Proposal | null> {
  const { rows } = await executor.execute<{ id: string; value: string }>(sql`
    select ratings.id, ratings.value #>> '{}' as value from ratings
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id
      and raters.kind in ('human', 'model')
    where ratings.project_id = ${projectId} and ratings.episode_id = ${episodeId}
      and ratings.criterion_sha256 = ${criterionSha256} and ratings.rater_id <> ${raterId}
      and ratings.kind = 'answered' and ratings.form = 'find'
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      and coalesce((select tier from rater_tiers where rater_tiers.project_id = ratings.project_id
        and rater_tiers.rater_id = ratings.rater_id order by rater_tiers.id desc limit 1), '') <> 'suspended'
    order by ratings.id`)
  const options = optionsOf(scale) ?? []
  const answers = rows.filter(({ value }) => options.includes(value))
  if (answers.length === 0) return null
  const wrong = known === null ? [] : options.filter((option) => option !== known)
  if (wrong.length > 0 && uniformDraw(effects) < plantedShare)
    return { proposed: pick(wrong, uniformDraw(effects)), sourceRatingId: null, planted: true }
  const { id, value } = pick(answers, uniformDraw(effects))
  return { proposed: value, sourceRatingId: id, planted: false }
}

/** Of at least one; `draw` in [0, 1). */
function pick<Item>(items: readonly Item[], draw: number): Item {
  return items[Math.floor(draw * items.length)] as Item
}

/** The known answer to an item of the half that may be used, else null. Nobody is asked about what they made known themselves. */
export async function knownAnswer(
  executor: Executor,
  { projectId, episodeId, criterionSha256 }: Omit<Item, 'raterId'>,
): Promise<string | null> {
  const { rows } = await executor.execute<{ value: string }>(sql`
    select value from gold_answers where project_id = ${projectId} and episode_id = ${episodeId}
      and criterion_sha256 = ${criterionSha256} and part = 'fit'`)
  return rows[0]?.value ?? null
}
