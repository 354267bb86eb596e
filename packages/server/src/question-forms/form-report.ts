/** Answers that were found beside those that were checked, by question and for people and models apart. */
import type { FormComparison, FormReport } from '@leeway/contract/question-forms'
import type { IntervalEstimate } from '@leeway/core/numeric/interval-estimate'
import { compareForms, type FormAnswer } from '@leeway/core/question-forms/compare-forms'
import { describeForms } from '@leeway/core/question-forms/describe-forms'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { formRules } from './form-rules.ts'

/** Longer than this, and the rater was away. */
const IDLE_SECONDS = 600
const SEED = 1

export type GivenAnswer = FormAnswer & { readonly kind: 'human' | 'model'; readonly criterionSha256: string }

export async function formReport(executor: Executor, projectId: string): Promise<FormReport> {
  const rules = await formRules(executor, projectId)
  const answers = await givenAnswers(executor, projectId)
  const { rows } = await executor.execute<{ sha256: string; definition: Criterion }>(sql`
    select sha256, definition from criteria where project_id = ${projectId}
      and definition->'answeredBy' ? 'human' and definition->'scale'->>'kind' in ('yes-no', 'ordinal')
      and exists (select 1 from assignments where assignments.project_id = criteria.project_id
        and assignments.criterion_sha256 = criteria.sha256)
    order by created_at, sha256`)
  return {
    questions: rows.map(({ sha256, definition }) => {
      const rule = rules.get(sha256)
      const of = (kind: GivenAnswer['kind']) =>
        comparisonOf(answers.filter((one) => one.criterionSha256 === sha256 && one.kind === kind))
      return {
        criterionSha256: sha256,
        question: definition.question,
        rule:
          rule === undefined
            ? null
            : { share: rule.share, knownShare: rule.knownShare, plantedShare: rule.plantedShare },
        people: of('human'),
        models: of('model'),
      }
    }),
  }
}

function comparisonOf(answers: readonly FormAnswer[]): FormComparison | null {
  if (!answers.some(({ form }) => form === 'verify')) return null
  const compared = compareForms(answers, SEED)
  const { acceptedWrong, accuracy } = compared
  return {
    ...compared,
    acceptedWrong: {
      count: acceptedWrong.count,
      of: acceptedWrong.of,
      low: acceptedWrong.interval?.low ?? null,
      high: acceptedWrong.interval?.high ?? null,
    },
    accuracy:
      accuracy.kind === 'insufficient'
        ? null
        : {
            found: shareOf(accuracy.found),
            checked: shareOf(accuracy.checked),
            difference: shareOf(accuracy.difference),
            perErrorRemoved: accuracy.perErrorRemoved,
          },
    words: [...describeForms(compared)],
  }
}

function shareOf({ value, interval }: IntervalEstimate) {
  return interval.kind === 'interval'
    ? { value, low: interval.low, high: interval.high }
    : { value, low: null, high: null }
}

/**
 * Standing answers to questions that somebody checked. Right or wrong where it is known by gold of the part that may be used:
 * a check always, a found answer on an item that others of its kind checked (people), or that a lot gave this form (models).
 */
export async function givenAnswers(executor: Executor, projectId: string): Promise<readonly GivenAnswer[]> {
  const { rows } = await executor.execute<{
    rater: string
    item: string
    sha256: string
    kind: 'human' | 'model'
    form: 'find' | 'verify'
    right: boolean | null
    proposed_right: boolean | null
    planted: boolean | null
    accepted: boolean | null
    seconds: number | null
    usd: number | null
  }>(sql`
    with checked as materialized (
      select distinct raters.kind, ratings.criterion_sha256, ratings.episode_id from ratings
      join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id
      where ratings.project_id = ${projectId} and ratings.form = 'verify' and ratings.kind = 'answered'
    )
    select ratings.rater_id as rater, ratings.episode_id as item, ratings.criterion_sha256 as sha256, raters.kind,
      ratings.form,
      case when ratings.form = 'verify' or forms.form = 'find' or raters.kind = 'human' and exists (
          select 1 from checked where checked.kind = 'human' and checked.episode_id = ratings.episode_id
            and checked.criterion_sha256 = ratings.criterion_sha256)
        then ratings.value #>> '{}' = gold.value end as right,
      forms.proposed #>> '{}' = gold.value as proposed_right, forms.planted,
      forms.proposed = ratings.value as accepted,
      case when raters.kind = 'human' and ratings.started_at is not null then
        least(greatest(extract(epoch from ratings.committed_at - ratings.started_at), 0), ${IDLE_SECONDS}) end::float8 as seconds,
      calls.cost_usd as usd
    from ratings
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id
      and raters.kind in ('human', 'model')
    left join question_forms forms on forms.project_id = ratings.project_id and forms.rater_id = ratings.rater_id
      and forms.episode_id = ratings.episode_id and forms.criterion_sha256 = ratings.criterion_sha256
    left join gold_answers gold on gold.project_id = ratings.project_id and gold.episode_id = ratings.episode_id
      and gold.criterion_sha256 = ratings.criterion_sha256 and gold.part = 'fit'
    left join model_calls calls on raters.kind = 'model' and calls.project_id = ratings.project_id
      and calls.rater_id = ratings.rater_id and calls.request_sha256 = left(ratings.commit_key, 64)
    where ratings.project_id = ${projectId} and ratings.kind = 'answered'
      and ratings.criterion_sha256 in (select criterion_sha256 from checked where checked.kind = raters.kind)
      and ${isNotPlanted(projectId, sql`ratings.episode_id`)}
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    order by ratings.id`)
  return rows.map((row) => ({
    rater: row.rater,
    item: row.item,
    criterionSha256: row.sha256,
    kind: row.kind,
    form: row.form,
    right: row.right,
    proposal:
      row.form === 'verify' && row.proposed_right !== null
        ? { right: row.proposed_right, planted: row.planted ?? false, accepted: row.accepted ?? false }
        : null,
    seconds: row.seconds,
    usd: row.usd,
  }))
}
