/**
 * The reward of a conversation with an answer that nobody has got yet: by programs, at once. People and models are not asked.
 *
 * Rubric      the newest of the agent all of whose questions programs answer; what they say is taken as it is. A rubric with other
 *             questions tells nothing at once, and half of one would be another objective.
 * Not         rubrics that read the outcome: a draft has none.
 */
import { runCheck } from '@leeway/core/checks/run-check'
import type { Episode, Json } from '@leeway/core/episodes/episode'
import { openaiChat } from '@leeway/core/episodes/formats/openai-chat'
import { normaliseEpisode } from '@leeway/core/episodes/normalise'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type Belief, rewardOf } from '@leeway/core/rewards/reward'
import { certain } from '@leeway/core/rewards/worth-law'
import { leavesOf, type Rubric, type RubricLeaf } from '@leeway/core/rubrics/rubric'
import { worthOf } from '@leeway/core/rubrics/scale'
import type { Executor } from '../db/connect.ts'
import { newestRubrics, rubricOf } from '../rubrics/stored-rubrics.ts'
import { textReader } from '../rubrics/text-reader.ts'

/** In [0, 1]; null: unknown. */
export type DraftReward = (messages: readonly Json[]) => number | null

/** Null where the agent has no such rubric. */
export async function draftReward(
  executor: Executor,
  { projectId, agentId }: { readonly projectId: string; readonly agentId: string },
): Promise<DraftReward | null> {
  const rubrics = (await newestRubrics(executor, projectId, agentId)).map(rubricOf)
  const rubric = rubrics.find((one) => leavesOf(one).every(answersDrafts))
  return rubric === undefined ? null : (messages) => rewardOfDraft(rubric, messages)
}

/** Whether a program answers it at once, without an outcome. */
export const answersDrafts = ({ check, criterion }: RubricLeaf) =>
  check !== null && check.kind !== 'outcome' && criterion.answeredBy.includes('program')

function rewardOfDraft(rubric: Rubric, messages: readonly Json[]): number | null {
  const episode = readDraft(messages)
  if (episode === null) return null
  const beliefs = new Map(leavesOf(rubric).map((leaf) => [leaf.criterion.id, beliefOf(leaf, episode)]))
  // Everything is certain, so nothing is drawn.
  const { value } = rewardOf(rubric, beliefs, seededRandom(0))
  return value.kind === 'known' ? value.estimate : null
}

/** Null where it cannot be read as an episode. */
export function readDraft(messages: readonly Json[]): Episode | null {
  const [read] = openaiChat.read({ id: 'draft', messages })
  const normalised = read?.ok === true ? normaliseEpisode(read.draft) : read
  return normalised?.ok === true && 'episode' in normalised ? normalised.episode : null
}

export function beliefOf({ check, criterion: { scale } }: RubricLeaf, episode: Episode): Belief {
  if (check === null) return { kind: 'missing' }
  const { answer } = runCheck(check, scale, episode, textReader)
  if (answer.kind === 'not-applicable') return answer
  const worth = answer.kind === 'answered' ? worthOf(scale, answer.value) : null
  return worth === null ? { kind: 'missing' } : { kind: 'known', law: certain(worth) }
}
