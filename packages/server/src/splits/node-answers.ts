/** What stands about questions with the scale yes/no, question by question and episode by episode. */
import { majorityOf } from '@leeway/core/oversight/combine-parts'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'

/** By hash of the question, then by episode: whether it holds. Null: those who answered are divided. */
export type ByNode = ReadonlyMap<string, ReadonlyMap<string, boolean | null>>

type Row = { readonly sha256: string; readonly episode: string; readonly said: readonly boolean[] }

/** In the order in which they were given; without suspended raters, planted copies, checks of others' answers, and "does not arise". */
type AnswersByNode = ReadonlyMap<string, ReadonlyMap<string, readonly boolean[]>>

/** Answers that stand, whatever help came before them. */
export function answersThatStand(executor: Executor, projectId: string, sha256s: readonly string[]) {
  return answers(
    executor,
    projectId,
    sha256s,
    sql`not exists (select 1 from ratings later
      where later.project_id = ratings.project_id and later.supersedes = ratings.id)`,
  )
}

/** Answers as they stood before any help. */
export function answersWithoutHelp(executor: Executor, projectId: string, sha256s: readonly string[]) {
  return answers(
    executor,
    projectId,
    sha256s,
    sql`ratings.assistance = 'none' and ratings.form = 'find' and not exists (select 1 from ratings later
      where later.project_id = ratings.project_id and later.supersedes = ratings.id and later.assistance = 'none')`,
  )
}

async function answers(
  executor: Executor,
  projectId: string,
  sha256s: readonly string[],
  which: SQL,
): Promise<AnswersByNode> {
  const { rows } = await executor.execute<Row>(sql`
    select ratings.criterion_sha256 as sha256, ratings.episode_id as episode,
      array_agg(ratings.value #>> '{}' = criteria.definition->'scale'->>'good' order by ratings.id) as said
    from ratings
    join criteria on criteria.project_id = ratings.project_id and criteria.sha256 = ratings.criterion_sha256
    where ratings.project_id = ${projectId} and ratings.criterion_sha256 = any(${textArray(sha256s)}::text[])
      and ratings.kind = 'answered' and ratings.form = 'find' and ${isNotPlanted(projectId, sql`ratings.episode_id`)} and ${which}
      and coalesce((select tier from rater_tiers where rater_tiers.project_id = ratings.project_id
        and rater_tiers.rater_id = ratings.rater_id order by rater_tiers.id desc limit 1), '') <> 'suspended'
    group by 1, 2`)
  return byNode(rows.map(({ sha256, episode, said }) => [sha256, episode, said] as const))
}

/** Whether it is known to hold; of the half of the known answers that may be told. */
export async function knownToHold(
  executor: Executor,
  projectId: string,
  sha256s: readonly string[],
): Promise<ByNode> {
  const { rows } = await executor.execute<{ sha256: string; episode: string; holds: boolean }>(sql`
    select gold.criterion_sha256 as sha256, gold.episode_id as episode,
      gold.value = criteria.definition->'scale'->>'good' as holds
    from gold_answers gold
    join criteria on criteria.project_id = gold.project_id and criteria.sha256 = gold.criterion_sha256
    where gold.project_id = ${projectId} and gold.criterion_sha256 = any(${textArray(sha256s)}::text[])
      and gold.part = 'fit'`)
  return byNode(rows.map(({ sha256, episode, holds }) => [sha256, episode, holds] as const))
}

export function majorities(all: AnswersByNode): ByNode {
  return new Map(
    [...all].map(([sha256, of]) => [
      sha256,
      new Map([...of].map(([episode, said]) => [episode, majorityOf(said)] as const)),
    ]),
  )
}

function byNode<Value>(
  rows: readonly (readonly [sha256: string, episode: string, value: Value])[],
): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const found = new Map<string, Map<string, Value>>()
  for (const [sha256, episode, value] of rows) {
    const of = found.get(sha256) ?? new Map<string, Value>()
    found.set(sha256, of.set(episode, value))
  }
  return found
}

const textArray = (values: readonly string[]) => `{${values.join(',')}}`
