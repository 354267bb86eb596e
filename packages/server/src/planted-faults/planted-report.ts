/** What raters made of planted faults: how many they caught, beside natural ones, and who passes them unread. */
import type { PlantedReport } from '@leeway/contract/planted-faults'
import {
  detectionDifference,
  detectionOf,
  type FaultAnswer,
} from '@leeway/core/planted-faults/detection-difference'
import { OPERATOR_NAMES, type OperatorName } from '@leeway/core/planted-faults/operator'
import { readingTime, testRubberStamp } from '@leeway/core/planted-faults/rubber-stamp'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { plantedList } from './planted-list.ts'

type Answer = FaultAnswer & {
  readonly name: string
  readonly criterionSha256: string
  /** Null: a natural fault. */
  readonly operator: OperatorName | null
  readonly seconds: number | null
}

export async function plantedReport(executor: Executor, projectId: string): Promise<PlantedReport> {
  const items = [...(await plantedList(executor, projectId))]
  const answers = await faultAnswers(executor, projectId)
  const planted = answers.filter(({ operator }) => operator !== null)
  const asked = new Set(planted.map(({ criterionSha256 }) => criterionSha256))
  // Of the same questions, or the questions would be compared.
  const natural = answers.filter(
    ({ operator, criterionSha256 }) => operator === null && asked.has(criterionSha256),
  )
  const compared = detectionDifference(planted, natural)
  const careful = await carefulSeconds(executor, projectId)
  return {
    items,
    operators: OPERATOR_NAMES.flatMap((operator) => {
      const own = planted.filter((answer) => answer.operator === operator)
      return own.length === 0 ? [] : [{ operator, detection: detectionOf(own) }]
    }),
    raters: byRater(planted, careful),
    againstNatural:
      compared.kind === 'insufficient'
        ? null
        : { planted: compared.planted, natural: compared.natural, ...compared.difference },
    words: words(compared),
  }
}

function words(compared: ReturnType<typeof detectionDifference>): string[] {
  const points = (share: number) => (100 * share).toFixed(0)
  if (compared.kind === 'insufficient')
    return [`Planted faults cannot be compared with natural ones yet: ${compared.reason}.`]
  const { low, high } = compared.difference
  if (low > 0)
    return [
      `Planted faults are found more often than natural ones, by ${points(low)} to ${points(high)} points: what raters catch here says too much of them.`,
    ]
  if (high < 0)
    return [
      `Planted faults are found less often than natural ones, by ${points(-high)} to ${points(-low)} points: what raters miss here says too much of them.`,
    ]
  return [
    `Planted and natural faults may be found equally often: the difference is between ${points(low)} and ${points(high)} points.`,
  ]
}

function byRater(planted: readonly Answer[], careful: ReadonlyMap<string, readonly Careful[]>) {
  const raters = new Map<string, Answer[]>()
  for (const answer of planted) raters.set(answer.rater, [...(raters.get(answer.rater) ?? []), answer])
  return [...raters].map(([raterId, own]) => {
    const { verdict, fastMisses, low, high } = testRubberStamp(
      own.map(({ caught, seconds, criterionSha256 }) => {
        const others = (careful.get(criterionSha256) ?? []).filter(({ rater }) => rater !== raterId)
        const reading = readingTime(others.map((one) => one.seconds))
        return { caught, seconds, readingSeconds: typeof reading === 'number' ? reading : null }
      }),
    )
    return {
      raterId,
      name: own[0]?.name ?? '',
      detection: detectionOf(own),
      rubberStamp: { verdict, fastMisses, low, high },
    }
  })
}

/** Standing answers of people where a fault is known to be: planted, or gold whose answer some planted copy of the question has. */
async function faultAnswers(executor: Executor, projectId: string): Promise<readonly Answer[]> {
  const { rows } = await executor.execute<{
    rater: string
    name: string
    item: string
    sha256: string
    caught: boolean
    operator: OperatorName | null
    seconds: number | null
  }>(sql`
    with known as (
      select id as episode_id, criterion_sha256, value, operator from planted_faults where project_id = ${projectId}
      union all
      select episode_id, criterion_sha256, value, null from gold_answers gold
      where project_id = ${projectId} and part = 'fit' and exists (select 1 from planted_faults fault
        where fault.project_id = gold.project_id and fault.criterion_sha256 = gold.criterion_sha256
          and fault.value = gold.value)
    )
    select ratings.rater_id as rater, raters.name, ratings.episode_id as item, known.criterion_sha256 as sha256,
      ratings.kind = 'answered' and ratings.value #>> '{}' = known.value as caught, operator,
      greatest(extract(epoch from committed_at - started_at), 0)::float8 as seconds
    from known
    join ratings on ratings.project_id = ${projectId} and ratings.episode_id = known.episode_id
      and ratings.criterion_sha256 = known.criterion_sha256 and ratings.kind in ('answered', 'not-applicable')
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'
    order by ratings.committed_at, ratings.id`)
  return rows.map(({ sha256, ...row }) => ({ ...row, criterionSha256: sha256 }))
}

type Careful = { readonly rater: string; readonly seconds: number }

/** By question: seconds of right answers to known items, planted or gold. */
async function carefulSeconds(
  executor: Executor,
  projectId: string,
): Promise<ReadonlyMap<string, readonly Careful[]>> {
  const { rows } = await executor.execute<Careful & { sha256: string }>(sql`
    with known as (
      select id as episode_id, criterion_sha256, value from planted_faults where project_id = ${projectId}
      union all
      select episode_id, criterion_sha256, value from gold_answers where project_id = ${projectId} and part = 'fit'
    )
    select known.criterion_sha256 as sha256, ratings.rater_id as rater,
      greatest(extract(epoch from committed_at - started_at), 0)::float8 as seconds
    from known
    join ratings on ratings.project_id = ${projectId} and ratings.episode_id = known.episode_id
      and ratings.criterion_sha256 = known.criterion_sha256 and ratings.kind = 'answered'
      and ratings.value #>> '{}' = known.value and started_at is not null
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'`)
  const careful = new Map<string, Careful[]>()
  for (const { sha256, ...one } of rows) careful.set(sha256, [...(careful.get(sha256) ?? []), one])
  return careful
}
