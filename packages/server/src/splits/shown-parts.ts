/**
 * The parts of a split question as somebody is shown them: what others said, each with what they point at, and not who.
 *
 * Of a planted copy what was said to the parts of its original is shown, as only those are asked: a copy without would be known by
 * it. What is pointed at is where the same words stand in the copy, and it is looked for in every episode alike.
 */
import type { PartView } from '@leeway/contract/splits'
import { combineParts, majorityOf, type SplitRule } from '@leeway/core/oversight/combine-parts'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { episodeOrOriginal } from '../planted-faults/episode-or-original.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { barredAbout } from '../supervision/unheard.ts'
import { sameWords } from './same-words.ts'

/** `split_reveals.parts` and `study_items.parts`: whole in itself, so that it stays what was shown. */
export type ShownPart = {
  readonly sha256: string
  readonly question: string
  readonly guidance: string
  readonly good: 'yes' | 'no'
  /** What the one who is shown it had answered to it before; null: nothing. */
  readonly own: string | null
  readonly answers: readonly {
    readonly ratingId: string
    readonly value: string
    readonly comment: string
    readonly steps: readonly number[]
  }[]
}

/** Of each part. More would only be read by nobody. */
const ANSWERS_MAX = 5
const COMMENT_MAX = 600
const STEPS_MAX = 10
const DOES_NOT_ARISE = 'does not arise'

/** With the answers of others that stand, in the order of `key`, which tells nothing of who answered when. */
export async function shownParts(
  executor: Executor,
  {
    projectId,
    episodeId,
    parts,
    raterId,
  }: {
    readonly projectId: string
    readonly episodeId: string
    readonly parts: readonly string[]
    /** The one who is shown it; null: nobody who may have answered. */
    readonly raterId: string | null
  },
  key: (ratingId: string) => number,
): Promise<readonly ShownPart[]> {
  const criteria = await criteriaByHash(executor, projectId, parts)
  const { rows } = await executor.execute<{
    id: string
    rater: string
    sha256: string
    is_own: boolean
    value: string | null
    comment: string
    steps: readonly number[]
    episode_id: string
  }>(sql`
    select distinct on (ratings.rater_id, ratings.criterion_sha256) ratings.id, ratings.rater_id as rater,
      ratings.criterion_sha256 as sha256, coalesce(ratings.rater_id = ${raterId}::uuid, false) as is_own,
      ratings.value #>> '{}' as value, comment, evidence as steps, about.episode_id
    from ratings join ${episodeOrOriginal(projectId, episodeId)} about on about.episode_id = ratings.episode_id
    where ratings.project_id = ${projectId}
      and ratings.criterion_sha256 = any(${`{${parts.join(',')}}`}::text[])
      and ratings.kind in ('answered', 'not-applicable') and ratings.form = 'find'
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      and coalesce((select tier from rater_tiers where rater_tiers.project_id = ratings.project_id
        and rater_tiers.rater_id = ratings.rater_id order by rater_tiers.id desc limit 1), '') <> 'suspended'
    order by ratings.rater_id, ratings.criterion_sha256, about.place`)
  const barred =
    rows.length === 0
      ? new Set<string>()
      : await barredAbout(executor, projectId, episodeId, ['rater', 'critic'])
  const source = rows.find((row) => row.episode_id !== episodeId)?.episode_id ?? episodeId
  const stepHere = rows.length === 0 ? () => [] : await sameWords(executor, projectId, source, episodeId)
  const keyed = rows
    .filter(({ rater }) => !barred.has(rater))
    .map((row) => ({ row, key: key(row.id) }))
    .sort((a, b) => a.key - b.key)
  return parts.flatMap((sha256) => {
    const criterion = criteria.get(sha256)
    if (criterion?.scale.kind !== 'yes-no') return []
    const said = keyed.filter(({ row }) => row.sha256 === sha256)
    const answers = said.filter(({ row }) => !row.is_own).slice(0, ANSWERS_MAX)
    return [
      {
        sha256,
        question: criterion.question,
        guidance: criterion.guidance,
        good: criterion.scale.good,
        own: said.find(({ row }) => row.is_own)?.row.value ?? null,
        answers: answers.map(({ row }) => ({
          ratingId: row.id,
          value: row.value ?? DOES_NOT_ARISE,
          comment: row.comment.slice(0, COMMENT_MAX),
          steps: (row.episode_id === episodeId ? row.steps : row.steps.flatMap(stepHere)).slice(0, STEPS_MAX),
        })),
      },
    ]
  })
}

/** Built field by field: neither who answered nor which rating it was is told. */
export function partViews(
  parts: readonly ShownPart[],
  mine: ReadonlyMap<number, string> = new Map(),
): PartView[] {
  return parts.map(({ question, guidance, own: before, answers }, place) => {
    const own = mine.get(place) ?? before
    return {
      question,
      guidance,
      answers: answers.map(({ value, comment, steps }) => ({ value, comment, steps: [...steps] })),
      mine: own === 'yes' || own === 'no' ? own : null,
    }
  })
}

/** What follows from the parts; what the rater says itself goes before what others say. */
export function together(
  rule: SplitRule,
  whole: Pick<Criterion, 'scale'>,
  parts: readonly ShownPart[],
  mine: ReadonlyMap<number, string> = new Map(),
): 'yes' | 'no' | null {
  if (whole.scale.kind !== 'yes-no') return null
  const holds = combineParts(
    rule,
    parts.map(({ good, own: before, answers }, place) => {
      const own = mine.get(place) ?? before
      if (own !== null) return own === good
      const said = answers.filter(({ value }) => value !== DOES_NOT_ARISE)
      return majorityOf(said.map(({ value }) => value === good))
    }),
  )
  if (holds === null) return null
  const { good } = whole.scale
  return holds ? good : good === 'yes' ? 'no' : 'yes'
}
