/**
 * Draws known answers for a rater to meet: each at most once a rater, first one of the answers a question has, each as
 * likely, then an item with that answer, the least shown first. So whoever always says the same is right as seldom as
 * one who guesses. A question is drawn from only while all its answers are left: the last ones would all be alike.
 */

import { sql } from 'drizzle-orm'
import { metElsewhere } from '../assignments/met-elsewhere.ts'
import type { Executor } from '../db/connect.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import { acceptedFaults } from '../planted-faults/accepted-faults.ts'
import { metAnywhere } from '../planted-faults/met-anywhere.ts'
import { inConflict } from '../raters/conflicts.ts'
import { failedOperators } from '../validity/operator-guesses.ts'
import { isRetired } from './retired.ts'
import type { VettingRules } from './rules.ts'

export type KnownItem = {
  readonly episodeId: string
  readonly criterionSha256: string
  /** Of a planted copy: what the rater is shown it in the place of. */
  readonly copyOf: string | null
}

type Row = {
  readonly episode_id: string
  readonly copy_of: string | null
  readonly criterion_sha256: string
  readonly value: string
  readonly exposures: number
}
/** At least: a question with one known answer tells nothing of who always gives it. */
const ANSWERS_MIN = 2

/**
 * `round`: without the half that measures the check, as the rater is told the answer afterwards. `hidden`: of questions
 * that are asked as work too, or it would stand out; in which words they are asked now, `isAsked` says. `random` in [0, 1). Fewer
 * than `many` when there are fewer.
 */
export async function drawKnown(
  executor: Executor,
  rules: VettingRules,
  raterId: string,
  many: number,
  kind: 'round' | 'hidden',
  random: () => number,
  isAsked: (criterionSha256: string) => Promise<boolean> = async () => true,
): Promise<readonly KnownItem[]> {
  const { projectId, exposuresMax } = rules
  const failed = kind === 'hidden' ? await failedOperators(executor, projectId) : []
  const { rows } = await executor.execute<Row>(sql`
    with gold as (
      select project_id, episode_id, criterion_sha256, value, part, actor, null::uuid as copy_of from gold_answers
      union all select project_id, id, criterion_sha256, value, 'planted', actor, episode_id
      from ${acceptedFaults(projectId)} accepted
      -- What people tell from natural faults shows no skill at finding these.
      where accepted.operator <> all (${`{${failed.join(',')}}`}::text[])
    )
    select gold.episode_id, gold.copy_of, gold.criterion_sha256, gold.value,
      (select count(*) from vetting_draws shown where shown.project_id = gold.project_id
        and shown.criterion_sha256 = gold.criterion_sha256 and shown.episode_id = gold.episode_id)::int as exposures
    from gold
    join criteria on criteria.project_id = gold.project_id and criteria.sha256 = gold.criterion_sha256
      and criteria.definition->'answeredBy' ? 'human'
    where gold.project_id = ${projectId} and case when ${kind === 'round'} then gold.part = 'fit'
      else exists (select 1 from assignments asked
        where asked.project_id = gold.project_id and asked.criterion_sha256 = gold.criterion_sha256) end
      and not ${isRetired(projectId, { episodeId: sql`gold.episode_id`, sha256: sql`gold.criterion_sha256` })}
      -- Nobody is asked what they said themselves to be so.
      and gold.actor <> coalesce((select 'person:' || user_id from raters
        where raters.project_id = gold.project_id and raters.id = ${raterId}), '')
      and exists (select 1 from episode_chunks where episode_chunks.project_id = gold.project_id
        and episode_chunks.episode_id = gold.episode_id and episode_chunks.kind = ${CHUNK_KIND.detail})
      and not exists (select 1 from vetting_draws own where own.project_id = gold.project_id
        and own.rater_id = ${raterId} and own.criterion_sha256 = gold.criterion_sha256
        and own.episode_id = gold.episode_id)
      and not exists (select 1 from ratings where ratings.project_id = gold.project_id
        and ratings.rater_id = ${raterId} and ratings.criterion_sha256 = gold.criterion_sha256
        and ratings.episode_id = gold.episode_id)
      and not exists (select 1 from ${metElsewhere(projectId, raterId)} met
        where met.criterion_sha256 = gold.criterion_sha256 and met.episode_id = gold.episode_id)
      and not ${inConflict(projectId, raterId, sql`coalesce(gold.copy_of, gold.episode_id)`)}
      -- Of a copy and its original nobody meets both.
      and (gold.copy_of is null or not ${metAnywhere(projectId, raterId, sql`gold.copy_of`)})
      -- What is open may come to this rater, or to another one, as ordinary work.
      and not exists (select 1 from assignments where assignments.project_id = gold.project_id
        and assignments.criterion_sha256 = gold.criterion_sha256 and assignments.episode_id = gold.episode_id
        and answers_wanted > (select count(*) from ratings where ratings.project_id = gold.project_id
          and ratings.criterion_sha256 = gold.criterion_sha256 and ratings.episode_id = gold.episode_id
          and ratings.kind <> 'abstained'))`)
  const questions = new Map<string, Map<string, Row[]>>()
  for (const row of rows) {
    if (row.exposures >= exposuresMax) continue
    const answers = questions.get(row.criterion_sha256) ?? new Map<string, Row[]>()
    questions.set(row.criterion_sha256, answers.set(row.value, [...(answers.get(row.value) ?? []), row]))
  }
  for (const [question, answers] of questions)
    if (answers.size < ANSWERS_MIN || !(await isAsked(question))) questions.delete(question)
  const drawn: KnownItem[] = []
  while (drawn.length < many && questions.size > 0) {
    const [question, answers] = pick([...questions], random)
    const [, left] = pick([...answers], random)
    const shown = Math.min(...left.map(({ exposures }) => exposures))
    const item = pick(
      left.filter(({ exposures }) => exposures === shown),
      random,
    )
    drawn.push({
      episodeId: item.episode_id,
      criterionSha256: item.criterion_sha256,
      copyOf: item.copy_of,
    })
    left.splice(left.indexOf(item), 1)
    if (left.length === 0) questions.delete(question)
  }
  return drawn
}

/** Of at least one. */
function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item
}
