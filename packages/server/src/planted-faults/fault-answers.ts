/** Standing answers of people where a fault is known to be, planted or natural. */
import type { FaultAnswer } from '@leeway/core/planted-faults/detection-difference'
import type { OperatorName } from '@leeway/core/planted-faults/operator'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isSecondLook, naturalFaults } from './natural-faults.ts'

export type KnownFaultAnswer = FaultAnswer & {
  readonly name: string
  readonly criterionSha256: string
  /** Null: a natural fault. */
  readonly operator: OperatorName | null
  readonly seconds: number | null
  readonly at: Date
}

/** Of people, oldest first. Who looked again found the natural faults, and is not among those who might have caught them. */
export async function faultAnswers(
  executor: Executor,
  projectId: string,
): Promise<readonly KnownFaultAnswer[]> {
  const { rows } = await executor.execute<{
    rater: string
    name: string
    item: string
    sha256: string
    caught: boolean
    operator: OperatorName | null
    seconds: number | null
    at: string
  }>(sql`
    with known as (
      select id as episode_id, criterion_sha256, value, operator from planted_faults where project_id = ${projectId}
      union all
      select episode_id, criterion_sha256, value, null from ${naturalFaults(projectId, { decided: false })} made
    )
    select ratings.rater_id as rater, raters.name, ratings.episode_id as item, known.criterion_sha256 as sha256,
      ratings.kind = 'answered' and ratings.value #>> '{}' = known.value as caught, operator,
      -- Not known is not fast: greatest() would take null for 0.
      case when started_at is not null then greatest(extract(epoch from committed_at - started_at), 0)::float8 end as seconds,
      committed_at as at
    from known
    join ratings on ratings.project_id = ${projectId} and ratings.episode_id = known.episode_id
      and ratings.criterion_sha256 = known.criterion_sha256 and ratings.kind in ('answered', 'not-applicable')
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'
    where ratings.form = 'find' and not ${isSecondLook(projectId, sql`ratings`)}
    order by ratings.committed_at, ratings.id`)
  return rows.map(({ sha256, at, ...row }) => ({ ...row, criterionSha256: sha256, at: new Date(at) }))
}
