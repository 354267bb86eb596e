/**
 * Units on which both policies did the same, as far as it matters: the same consequential calls with the same arguments
 * in the same order, none of them in error on one side only, and the same answers of every program of the rubric. Such a
 * pair counts as no difference, and only one in twenty is shown to people, to check this very definition.
 */
import type { Json, Step } from '@leeway/core/episodes/episode'
import { leavesOf } from '@leeway/core/rubrics/rubric'
import type { Executor } from '../db/connect.ts'
import { canonicalJson } from '../episodes/canonical-json.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { standingRatings } from '../ratings/stored-ratings.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { episodesOfUnits } from './criterion-labels.ts'
import { groupBy } from './group-by.ts'
import type { CriterionTruth } from './truth.ts'

/** Episodes in memory at once: one may have 64 MiB. */
const EPISODES_AT_ONCE = 20

export async function unitsOfSameBehaviour(
  executor: Executor,
  projectId: string,
  policies: { readonly candidate: string; readonly baseline: string },
  unitKeys: readonly string[],
  truth: CriterionTruth,
): Promise<ReadonlySet<string>> {
  if (truth.consequentialTools.length === 0) return new Set()
  const candidate = await behaviours(executor, projectId, policies.candidate, unitKeys, truth)
  const baseline = await behaviours(executor, projectId, policies.baseline, unitKeys, truth)
  return new Set(unitKeys.filter((unit) => candidate.has(unit) && candidate.get(unit) === baseline.get(unit)))
}

/** By unit, its behaviour as one text. A unit with several episodes, or one without any program's answer, has none. */
async function behaviours(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
  truth: CriterionTruth,
): Promise<ReadonlyMap<string, string>> {
  const rubric = await findRubric(executor, projectId, truth.rubricId)
  if (rubric === undefined) throw new Error('a release names a rubric that is not there')
  const criteria = leavesOf(rubricOf(rubric))
    .filter(({ check, criterion }) => check !== null && criterion.answeredBy.includes('program'))
    .map(({ criterion }) => criterionSha256(criterion))
  const units = groupBy(
    await episodesOfUnits(executor, projectId, policyId, unitKeys),
    ({ unitKey }) => unitKey,
  )
  const single = [...units.values()].filter((own) => own.length === 1).flat()
  const found = new Map<string, string>()
  for (let at = 0; at < single.length; at += EPISODES_AT_ONCE) {
    const part = single.slice(at, at + EPISODES_AT_ONCE)
    const ids = part.map(({ episodeId }) => episodeId)
    const episodes = new Map(
      (await storedEpisodes(executor, projectId, ids)).map(({ id, episode }) => [id, episode]),
    )
    const answers = groupBy(
      await standingRatings(executor, projectId, { episodeIds: ids, criteria }),
      ({ episodeId }) => episodeId,
    )
    for (const { unitKey, episodeId } of part) {
      const steps = episodes.get(episodeId)?.steps
      const said = answers.get(episodeId) ?? []
      const programs = new Set(said.map((rating) => rating.criterionSha256))
      if (steps === undefined || criteria.length === 0 || programs.size < criteria.length) continue
      const replies = said
        .map((rating): Json => [rating.criterionSha256, rating.kind, rating.value as Json])
        .map(canonicalJson)
        .sort()
      found.set(unitKey, canonicalJson([consequentialCalls(steps, truth.consequentialTools), replies]))
    }
  }
  return found
}

function consequentialCalls(steps: readonly Step[], tools: readonly string[]): Json {
  const failed = new Set(
    steps.filter(({ kind, error }) => kind === 'tool_result' && error !== null).map(({ callId }) => callId),
  )
  return steps
    .filter(
      ({ kind, name }) => kind === 'tool_call' && name !== null && tools.some((tool) => names(tool, name)),
    )
    .map(({ name, content, callId, error }) => [
      name,
      content,
      error === null && (callId === null || !failed.has(callId)),
    ])
}

/** `*` at the end stands for anything. */
function names(tool: string, name: string): boolean {
  return tool.endsWith('*') ? name.startsWith(tool.slice(0, -1)) : name === tool
}
