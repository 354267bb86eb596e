/** What people guessed, by operator and over all rounds of a project. */
import { OPERATOR_NAMES, type OperatorName } from '@leeway/core/planted-faults/operator'
import { type Guess, plantedValidity } from '@leeway/core/planted-faults/planted-validity'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export async function operatorGuesses(
  executor: Executor,
  projectId: string,
): Promise<ReadonlyMap<OperatorName, readonly Guess[]>> {
  const { rows } = await executor.execute<Guess & { operator: OperatorName }>(sql`
    select places.operator, places.rater_id as rater, places.episode_id as item, places.planted,
      answers.said_planted as "saidPlanted"
    from validity_places places
    join validity_answers answers on answers.project_id = places.project_id and answers.round_id = places.round_id
      and answers.rater_id = places.rater_id and answers.place = places.place
    where places.project_id = ${projectId} order by answers.at, places.round_id, places.rater_id, places.place`)
  return new Map(
    OPERATOR_NAMES.flatMap((name) => {
      const own = rows.filter(({ operator }) => operator === name).map(({ operator: _, ...guess }) => guess)
      return own.length === 0 ? [] : [[name, own] as const]
    }),
  )
}

/** Operators whose faults people tell from natural ones: what raters catch of them says little of what they would catch. */
export async function failedOperators(
  executor: Executor,
  projectId: string,
): Promise<readonly OperatorName[]> {
  return [...(await operatorGuesses(executor, projectId))].flatMap(([operator, guesses]) => {
    const found = plantedValidity(guesses)
    return found.kind === 'validity' && found.verdict === 'failed' ? [operator] : []
  })
}
