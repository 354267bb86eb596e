/**
 * What programs and models make of the episodes of a policy before people are asked: the judge of the gate. Nothing here
 * is taken for true. The gate learns from the labels how far to believe it, so a useless judge costs speed, not validity.
 */
import { createHash } from 'node:crypto'
import { leavesOf } from '@leeway/core/rubrics/rubric'
import { type Scale, worthOf } from '@leeway/core/rubrics/scale'
import { and, eq, inArray } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { raters } from '../raters/tables.ts'
import { type RatingRow, standingRatings } from '../ratings/stored-ratings.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { episodesOfUnits } from './criterion-labels.ts'
import { groupBy } from './group-by.ts'
import { type HeardJudges, heardJudges } from './heard-judges.ts'
import type { CriterionTruth } from './truth.ts'

export type Predictions = {
  /** By unit key, the predicted failure in [0, 1]; units about which nobody said anything are absent. */
  readonly byUnit: ReadonlyMap<string, number>
  /** Which raters spoke, as one hash; null when none did. */
  readonly judgeVersion: string | null
}

/** By unit: the mean over its episodes of what `predictedByEpisode` says of them. */
export async function predictedFailures(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
  truth: CriterionTruth,
): Promise<Predictions> {
  const episodes = await episodesOfUnits(executor, projectId, policyId, unitKeys)
  const { byEpisode, judgeVersion } = await predictedByEpisode(
    executor,
    projectId,
    episodes.map(({ episodeId }) => episodeId),
    truth,
    await heardJudges(executor, { projectId, policyId, criterionSha256: truth.criterionSha256 }, unitKeys),
  )
  const byUnit = new Map<string, number>()
  for (const [unitKey, own] of groupBy(episodes, (one) => one.unitKey)) {
    const failures = own.flatMap(({ episodeId }) => byEpisode.get(episodeId) ?? [])
    if (failures.length > 0) byUnit.set(unitKey, mean(failures))
  }
  return { byUnit, judgeVersion }
}

/**
 * Models that answered the release's own question speak for an episode, as far as they are `heard`; several of one family are
 * one voice at most, and so are those that err together. Where none did, the leaves that programs answered speak, by their
 * weight. Episodes of which nobody said anything are absent.
 */
export async function predictedByEpisode(
  executor: Executor,
  projectId: string,
  episodeIds: readonly string[],
  truth: CriterionTruth,
  heard: HeardJudges,
): Promise<{ readonly byEpisode: ReadonlyMap<string, number>; readonly judgeVersion: string | null }> {
  const rubric = await findRubric(executor, projectId, truth.rubricId)
  if (rubric === undefined) throw new Error('a release names a rubric that is not there')
  const leaves = new Map(
    leavesOf(rubricOf(rubric)).map(({ criterion, weight }) => [
      criterionSha256(criterion),
      { scale: criterion.scale, weight: Math.abs(weight) },
    ]),
  )
  const machines = new Map(
    [...(await machineRaters(executor, projectId))].filter(([raterId]) => !heard.unheard.has(raterId)),
  )
  const ratings = (
    await standingRatings(executor, projectId, {
      episodeIds,
      criteria: [...new Set([...leaves.keys(), truth.criterionSha256])],
      raterIds: [...machines.keys()],
    })
  )
    // A check may lean on the very label that it would predict.
    .filter(({ kind, form }) => kind === 'answered' && form === 'find')
  const said = groupBy(ratings, ({ episodeId }) => episodeId)
  const byEpisode = new Map<string, number>()
  for (const [episodeId, own] of said) {
    const of = (kind: string) => own.filter(({ raterId }) => machines.get(raterId)?.kind === kind)
    const score = modelScore(of('model'), machines, truth, heard) ?? programScore(of('program'), leaves)
    if (score !== null) byEpisode.set(episodeId, 1 - score)
  }
  const spoke = [...new Set(ratings.map(({ raterId }) => raterId))].sort()
  return {
    byEpisode,
    judgeVersion: spoke.length === 0 ? null : createHash('sha256').update(spoke.join('\n')).digest('hex'),
  }
}

type Machines = ReadonlyMap<string, { readonly kind: string; readonly family: string }>

/** Models of one family share weights, and so their errors: ten of them must not outvote another. */
function modelScore(
  said: readonly RatingRow[],
  machines: Machines,
  truth: CriterionTruth,
  { voices }: HeardJudges,
): number | null {
  const own = said.filter(({ criterionSha256: sha256 }) => sha256 === truth.criterionSha256)
  const families = groupBy(own, ({ raterId }) => machines.get(raterId)?.family ?? raterId)
  let score = 0
  let weight = 0
  for (const family of families.values()) {
    const voice = Math.min(
      1,
      family.reduce((sum, { raterId }) => sum + (voices.get(raterId) ?? 1), 0),
    )
    weight += voice
    score +=
      voice *
      mean(
        family.map(({ value, probability }) =>
          value === truth.good ? (probability ?? 1) : 1 - (probability ?? 1),
        ),
      )
  }
  return weight === 0 ? null : score / weight
}

function programScore(
  said: readonly RatingRow[],
  leaves: ReadonlyMap<string, { readonly scale: Scale; readonly weight: number }>,
): number | null {
  let worth = 0
  let weight = 0
  for (const rating of said) {
    const leaf = leaves.get(rating.criterionSha256)
    const own = leaf === undefined ? null : worthOf(leaf.scale, rating.value as string | number)
    if (leaf === undefined || own === null) continue
    worth += own * leaf.weight
    weight += leaf.weight
  }
  return weight === 0 ? null : worth / weight
}

async function machineRaters(executor: Executor, projectId: string): Promise<Machines> {
  const rows = await executor
    .select({ id: raters.id, kind: raters.kind, family: raters.family })
    .from(raters)
    .where(and(eq(raters.projectId, projectId), inArray(raters.kind, ['program', 'model'])))
  return new Map(rows.map(({ id, kind, family }) => [id, { kind, family }]))
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
