/** The reward of one episode under the newest rubric of its agent (or a named one), with every part and who said what. */
import { hash } from 'node:crypto'
import type { RatingView } from '@leeway/contract/raters'
import type { EpisodeReward } from '@leeway/contract/rewards'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type Belief, type RewardValue, rewardOf } from '@leeway/core/rewards/reward'
import { criteriaOf, type RubricNode } from '@leeway/core/rubrics/rubric'
import type { Executor } from '../db/connect.ts'
import type { Estimator } from '../estimates/estimator.ts'
import { listRatings } from '../ratings/list-ratings.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { rubricOf } from '../rubrics/stored-rubrics.ts'
import { rubricOfEpisode } from './rubric-of-episode.ts'

export async function episodeReward(
  executor: Executor,
  estimate: Estimator,
  projectId: string,
  episodeId: string,
  rubricId?: string,
): Promise<EpisodeReward | null> {
  const row = await rubricOfEpisode(executor, projectId, episodeId, rubricId)
  if (row === undefined) return null
  const rubric = rubricOf(row)
  const criteria = criteriaOf(rubric)
  const beliefs = new Map<string, Belief>()
  for (const criterion of criteria) {
    const { beliefs: of } = await estimate(executor, projectId, criterion)
    beliefs.set(criterion.id, of.get(episodeId) ?? { kind: 'missing' })
  }
  // The same episode under the same rubric always draws the same numbers.
  const seed = Number.parseInt(hash('sha256', `${episodeId}:${row.sha256}`).slice(0, 8), 16)
  const reward = rewardOf(rubric, beliefs, seededRandom(seed))
  const said = await answersOf(executor, projectId, episodeId)
  return {
    episodeId,
    rubric: { id: row.id, name: row.name, version: row.version },
    value: wire(reward.value),
    completeness: reward.completeness,
    parts: partsOf(rubric.root, reward.nodes, said),
  }
}

/** Newest first in each group; what an episode with more answers than this says is enough to explain it. */
export const ANSWERS_MAX = 1_000

async function answersOf(
  executor: Executor,
  projectId: string,
  episodeId: string,
): Promise<ReadonlyMap<string, RatingView[]>> {
  const grouped = new Map<string, RatingView[]>()
  for (const view of await listRatings(
    executor,
    projectId,
    { episode: episodeId },
    { limit: ANSWERS_MAX, before: null },
  )) {
    const group = grouped.get(view.criterionSha256) ?? []
    group.push(view)
    grouped.set(view.criterionSha256, group)
  }
  return grouped
}

/** In reading order. A node that does not arise has nothing to be worth. */
function partsOf(
  root: RubricNode,
  values: ReadonlyMap<string, RewardValue>,
  said: ReadonlyMap<string, RatingView[]>,
): EpisodeReward['parts'] {
  const parts: EpisodeReward['parts'] = []
  const visit = (node: RubricNode, parent: string | null, depth: number) => {
    const id = node.kind === 'parent' ? node.id : node.criterion.id
    parts.push({
      id,
      parent,
      depth,
      question: node.criterion?.question ?? null,
      combine: node.kind === 'parent' ? node.combine : null,
      weight: node.weight,
      required: node.required,
      value: wire(values.get(id) ?? { kind: 'insufficient', missing: [] }),
      ratings: node.criterion === null ? [] : (said.get(criterionSha256(node.criterion)) ?? []),
    })
    if (node.kind === 'parent') for (const child of node.children) visit(child, id, depth + 1)
  }
  visit(root, null, 0)
  return parts
}

function wire(value: RewardValue): EpisodeReward['value'] {
  return value.kind === 'known' ? value : { kind: 'insufficient', missing: [...value.missing] }
}
