/**
 * Which models speak for a policy in a gate, and how much the word of each weighs beside the others': less, the more they were wrong
 * together where trusted people have answered. Never looks at answers about the release's own units, nor at gold of the part
 * that measures.
 */
import { raterDependence, voicesOf } from '@leeway/core/raters/rater-dependence'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { CanaryPlace } from '../supervision/canaries.ts'
import { unheardRaters } from '../supervision/unheard.ts'
import { trustedAnswers } from './criterion-labels.ts'

export type HeardJudges = {
  readonly unheard: ReadonlySet<string>
  /** By rater, in (0, 1]; who is not there speaks with a whole voice. */
  readonly voices: ReadonlyMap<string, number>
}

export async function heardJudges(
  executor: Executor,
  place: CanaryPlace,
  unitKeys: readonly string[],
): Promise<HeardJudges> {
  return {
    unheard: await unheardRaters(executor, place),
    voices: await voicesOfJudges(executor, place, unitKeys),
  }
}

async function voicesOfJudges(
  executor: Executor,
  { projectId, criterionSha256 }: CanaryPlace,
  unitKeys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await executor.execute<{ rater: string; item: string; right: boolean }>(sql`
    with answers as materialized (${trustedAnswers(projectId, criterionSha256)})
    select ratings.rater_id as rater, ratings.episode_id as item, ratings.value #>> '{}' = answers.value as right
    from ratings join answers on answers.episode_id = ratings.episode_id
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'model'
    join episodes on episodes.project_id = ratings.project_id and episodes.id = ratings.episode_id
    where ratings.project_id = ${projectId} and ratings.criterion_sha256 = ${criterionSha256} and ratings.kind = 'answered'
      and ratings.form = 'find'
      and (unit_key is null
        or unit_key not in (select value from json_array_elements_text(${JSON.stringify(unitKeys)}::json)))
      and not exists (select 1 from gold_answers where gold_answers.project_id = ${projectId}
        and gold_answers.episode_id = ratings.episode_id and part = 'measure'
        and gold_answers.criterion_sha256 = ${criterionSha256})
    order by ratings.id`)
  const raters = [...new Set(rows.map(({ rater }) => rater))]
  const items = [...new Set(rows.map(({ item }) => item))]
  const [raterAt, itemAt] = [placesOf(raters), placesOf(items)]
  const dependence = raterDependence({
    classes: ['wrong', 'right'],
    raters,
    ratings: rows.map(({ rater, item, right }, row) => ({
      row,
      item: itemAt.get(item) ?? 0,
      rater: raterAt.get(rater) ?? 0,
      label: right ? 1 : 0,
      confidence: null,
    })),
    belief: [],
    gold: items.map(() => 1),
  })
  const voices = voicesOf(dependence)
  return new Map(raters.map((rater, at) => [rater, voices[at] ?? 1]))
}

const placesOf = (names: readonly string[]) => new Map(names.map((name, at) => [name, at]))
