/**
 * Answers to every question of a project as the views of agreement read them: suspended raters, absences, and models that are no
 * independent voice about an episode left out.
 */
import { oneVoiceEach } from '@leeway/core/raters/family-voices'
import type { Criterion, RaterKind } from '@leeway/core/rubrics/rubric'
import { worthOf } from '@leeway/core/rubrics/scale'
import { eq, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { CriterionEstimate } from '../estimates/criterion-estimate.ts'
import type { Estimator } from '../estimates/estimator.ts'
import { tierOf } from '../raters/stored-raters.ts'
import { raters } from '../raters/tables.ts'
import { voiceOf } from '../raters/voice-of.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { criteria } from '../rubrics/tables.ts'

export type KnownRater = {
  readonly id: string
  readonly name: string
  readonly kind: RaterKind
  /** Raters of one voice share weights. */
  readonly voice: string
}
export type Given = {
  readonly episodeId: string
  readonly rater: KnownRater
  readonly value: string | number
}
export type QuestionAnswers = {
  readonly criterion: Criterion
  readonly sha256: string
  /** Of every rater. */
  readonly given: readonly Given[]
  /** One for each episode and voice: models of one family are one. */
  readonly voices: readonly Given[]
  readonly estimate: CriterionEstimate
}

export async function questionAnswers(
  executor: Executor,
  estimate: Estimator,
  projectId: string,
): Promise<readonly QuestionAnswers[]> {
  const people = await executor.select().from(raters).where(eq(raters.projectId, projectId))
  const tiers = await tierOf(
    executor,
    projectId,
    people.map(({ id }) => id),
  )
  const counted = new Map(
    people
      .filter(({ id }) => tiers.get(id) !== 'suspended')
      .map((row): [string, KnownRater] => {
        const { id, name, kind } = row
        return [id, { id, name, kind: kind as RaterKind, voice: voiceOf(row) }]
      }),
  )
  const rows = await executor
    .select()
    .from(criteria)
    .where(eq(criteria.projectId, projectId))
    .orderBy(criteria.createdAt, criteria.sha256)
  const found: QuestionAnswers[] = []
  for (const row of rows) {
    const criterion = row.definition as Criterion
    const estimated = await estimate(executor, projectId, criterion)
    const given = estimated.answers.flatMap(({ episodeId, raterId, value, form, unheard }) => {
      const rater = counted.get(raterId)
      // Who checks an answer agrees with it more than two who find one.
      return rater === undefined || value === null || form === 'verify' || unheard
        ? []
        : [{ episodeId, rater, value }]
    })
    found.push({
      criterion,
      sha256: criterionSha256(criterion),
      given,
      voices: oneVoiceEach(given, ({ episodeId, rater, value }) => ({
        item: episodeId,
        voice: rater.voice,
        rater: rater.id,
        said: String(value),
      })).map(({ answer }) => answer),
      estimate: estimated,
    })
  }
  return found
}

/** Mean worth of what the voices say, by episode, in [0, 1]. */
export function worthByEpisode({ criterion, voices }: QuestionAnswers): ReadonlyMap<string, number> {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const { episodeId, value } of voices) {
    const worth = worthOf(criterion.scale, value)
    if (worth === null) continue
    const before = sums.get(episodeId) ?? { sum: 0, count: 0 }
    sums.set(episodeId, { sum: before.sum + worth, count: before.count + 1 })
  }
  return new Map([...sums].map(([episode, { sum, count }]) => [episode, sum / count]))
}

/** The unit of each episode that somebody answered about: episodes of one are drawn together. */
export async function unitsOfAnswered(
  executor: Executor,
  projectId: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await executor.execute<{ id: string; unit: string }>(sql`
    select id, unit_key as unit from episodes where project_id = ${projectId}
      and id in (select episode_id from ratings where ratings.project_id = ${projectId})`)
  return new Map(rows.map(({ id, unit }) => [id, unit]))
}
