/** How well the answers to a rubric's questions tell success from failure, on episodes whose outcome is trusted. */
import type { PredictionView } from '@leeway/contract/rubrics'
import { auroc } from '@leeway/core/prediction/auroc'
import { criteriaOf, leavesOf, RATER_KINDS, type RaterKind } from '@leeway/core/rubrics/rubric'
import { worthOf } from '@leeway/core/rubrics/scale'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { criterionSha256 } from './criterion-hash.ts'
import { type RubricRow, rubricOf } from './stored-rubrics.ts'

/** The newest answers; more would say the same and take long. */
const ANSWERS_MAX = 200_000
const BY: Readonly<Record<RaterKind, string>> = { program: 'programs', model: 'models', human: 'people' }

type Score = { readonly score: number; readonly positive: boolean }
type Said = {
  readonly episode: string
  readonly sha256: string
  readonly kind: RaterKind
  readonly worth: number
  readonly positive: boolean
}

/** One line for each question and kind of rater that answered it, then one for all leaves of a kind together. */
export async function rubricPredictions(executor: Executor, row: RubricRow): Promise<PredictionView[]> {
  const rubric = rubricOf(row)
  const said = await answersWithOutcome(executor, row)
  const lines: PredictionView[] = []
  for (const criterion of criteriaOf(rubric))
    for (const kind of RATER_KINDS) {
      const own = said.filter((one) => one.kind === kind && one.sha256 === criterionSha256(criterion))
      if (own.length > 0)
        lines.push(
          line(
            criterion.id,
            criterion.question,
            BY[kind],
            byEpisode(own, () => 1),
          ),
        )
    }
  const weights = new Map(
    leavesOf(rubric).map(({ criterion, weight }) => [criterionSha256(criterion), Math.abs(weight)]),
  )
  for (const kind of RATER_KINDS) {
    const own = said.filter((one) => one.kind === kind && weights.has(one.sha256))
    if (new Set(own.map(({ sha256 }) => sha256)).size > 1)
      lines.push(
        line(
          '',
          'All parts together, by weight',
          BY[kind],
          byEpisode(own, ({ sha256 }) => weights.get(sha256) ?? 0),
        ),
      )
  }
  return lines
}

function line(id: string, question: string, by: string, scores: readonly Score[]): PredictionView {
  const area = auroc(scores)
  return {
    id,
    question,
    by,
    episodes: scores.length,
    auroc: area?.estimate ?? null,
    low: area?.low ?? null,
    high: area?.high ?? null,
  }
}

/** Weighted mean worth of each episode. */
function byEpisode(said: readonly Said[], weightOf: (one: Said) => number): readonly Score[] {
  const sums = new Map<string, { worth: number; weight: number; positive: boolean }>()
  for (const one of said) {
    const sum = sums.get(one.episode) ?? { worth: 0, weight: 0, positive: one.positive }
    sum.worth += one.worth * weightOf(one)
    sum.weight += weightOf(one)
    sums.set(one.episode, sum)
  }
  return [...sums.values()]
    .filter(({ weight }) => weight > 0)
    .map(({ worth, weight, positive }) => ({ score: worth / weight, positive }))
}

async function answersWithOutcome(executor: Executor, row: RubricRow): Promise<readonly Said[]> {
  const scales = new Map(
    criteriaOf(rubricOf(row)).map((criterion) => [criterionSha256(criterion), criterion.scale]),
  )
  const found = await executor.execute<{
    episode: string
    sha256: string
    kind: RaterKind
    value: string | number
    probability: number | null
    success: number
  }>(sql`
    select ratings.episode_id as episode, criterion_sha256 as sha256, raters.kind, value, probability, success
    from ratings
    join raters on raters.project_id = ratings.project_id and raters.id = rater_id
    join episodes on episodes.project_id = ratings.project_id and episodes.id = ratings.episode_id
    where ratings.project_id = ${row.projectId} and ratings.kind = 'answered' and ratings.form = 'find'
      and episodes.agent_id = ${row.agentId} and success is not null
      and criterion_sha256 in (select value from json_array_elements_text(${JSON.stringify([...scales.keys()])}::json))
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    order by ratings.id desc limit ${ANSWERS_MAX}`)
  return found.rows.flatMap(({ episode, sha256, kind, value, probability, success }) => {
    const scale = scales.get(sha256)
    const worth = scale === undefined ? null : worthOf(scale, value)
    if (worth === null) return []
    // A stated probability of a yes/no answer says more than the answer.
    const sure = scale?.kind === 'yes-no' && probability !== null ? probability : 1
    return [
      {
        episode,
        sha256,
        kind,
        worth: worth === 1 ? sure : worth === 0 ? 1 - sure : worth,
        positive: success > 0.5,
      },
    ]
  })
}
