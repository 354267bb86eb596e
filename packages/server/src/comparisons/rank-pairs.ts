/**
 * Which of some pairs to ask about first: those of the two policies whose comparison tells most now. This reads whose the
 * episodes are, by itself, and gives an order; a rater who gets the pairs is told nothing of it.
 */
import { pairInformation } from '@leeway/core/pairwise/pair-information'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { recordedAnswers } from './recorded-answers.ts'

type Question = { readonly projectId: string; readonly agentId: string; readonly criterionSha256: string }

/** `pairIds` are all of one question. The first one stays first among equals. */
export async function mostInformative(
  executor: Executor,
  question: Question,
  pairIds: readonly string[],
): Promise<string | undefined> {
  const { rows } = await executor.execute<{ id: string; one: string; other: string }>(sql`
    select pairs.id, named.name as one, against.name as other
    from unnest(${`{${pairIds.join(',')}}`}::uuid[]) with ordinality as wanted(id, place)
    join comparison_pairs pairs on pairs.project_id = ${question.projectId} and pairs.id = wanted.id
    join episodes first on first.project_id = pairs.project_id and first.id = pairs.first_episode_id
    join episodes second on second.project_id = pairs.project_id and second.id = pairs.second_episode_id
    join policies named on named.project_id = pairs.project_id and named.id = first.policy_id
    join policies against on against.project_id = pairs.project_id and against.id = second.policy_id
    where not exists (select 1 from comparison_known known
      where known.project_id = pairs.project_id and known.pair_id = pairs.id)
    order by place`)
  // A pair whose answer is known keeps its place in the queue: it is asked for the sake of the rater.
  const kinds = new Set(rows.map(({ one, other }) => [one, other].sort().join('\n')))
  if (kinds.size < 2 || rows[0]?.id !== pairIds[0]) return pairIds[0]
  const answers = await recordedAnswers(executor, question)
  const information = pairInformation(
    answers
      .filter(({ kind, left, right }) => kind === 'human' && left.policy !== right.policy)
      .map(({ left, right, value }) => ({
        left: left.policy,
        right: right.policy,
        outcome: value === 'equal' ? 0.5 : value === 'left' ? 1 : 0,
      })),
    rows.flatMap(({ one, other }) => [one, other]),
  )
  let best = { id: pairIds[0], gain: -1 }
  for (const { id, one, other } of rows) {
    const gain = one === other ? 0 : information(one, other)
    if (gain > best.gain + 1e-9) best = { id, gain }
  }
  return best.id
}
