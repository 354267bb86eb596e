/** A study for whoever may read: before it is over counts alone, then what it shows. */
import type { StudyArm, StudyArmView, StudyView } from '@leeway/contract/studies'
import type { IntervalEstimate } from '@leeway/core/numeric/interval-estimate'
import { type ArmReport, type StudyAnswer, studyReport } from '@leeway/core/studies/study-report'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isLast } from './stages.ts'
import { requireStudy, type Stored } from './stored-study.ts'

const SEED = 1
/** Longer than this over one answer, and the person was away. */
const IDLE_SECONDS = 1_800

type Row = {
  readonly arm: StudyArm
  readonly rater: string
  readonly item: string
  readonly known: string
  readonly value: string
  readonly probability: number
  readonly first_value: string | null
  readonly first_probability: number | null
  readonly seconds: number
  readonly help_seconds: number
  readonly usd: number
  readonly tokens: number
}

export async function studyView(executor: Executor, projectId: string, studyId: string): Promise<StudyView> {
  const study = await requireStudy(executor, projectId, studyId)
  const { row, arms, stop, summary } = study
  const rows = await finalAnswers(executor, study)
  const isOver = summary.state !== 'open'
  return {
    summary,
    consent: row.consent,
    expected: row.expected as StudyView['expected'],
    sha256: row.sha256,
    seed: isOver ? row.seed : null,
    stopped: stop === null ? null : { reason: stop.reason, at: stop.at.toISOString() },
    counts: arms.map((arm) => ({ arm, answers: rows.filter((one) => one.arm === arm).length })),
    report: isOver
      ? studyReport(rows.map(answerOf), arms, SEED).map((report, at) => armView(arms[at] as StudyArm, report))
      : null,
  }
}

function answerOf(row: Row): StudyAnswer {
  const right = (value: string, probability: number) => (value === row.known ? probability : 1 - probability)
  return {
    arm: row.arm,
    rater: row.rater,
    item: row.item,
    right: right(row.value, row.probability),
    rightBefore:
      row.first_value === null || row.first_probability === null
        ? null
        : right(row.first_value, row.first_probability),
    seconds: row.seconds,
    helpSeconds: row.help_seconds,
    usd: row.usd,
    tokens: row.tokens,
  }
}

/**
 * Money and tokens: what the models of a debate cost, or those that wrote the claims of the item or answered its parts, at each
 * answer anew. So the time of the people whose answers to the parts were shown.
 */
async function finalAnswers(executor: Executor, { row }: Stored): Promise<readonly Row[]> {
  const { projectId, id, criterionSha256 } = row
  const seconds = (answer: string) =>
    sql.raw(`least(extract(epoch from ${answer}.at - ${answer}.started_at), ${IDLE_SECONDS})`)
  const { rows } = await executor.execute<Row>(sql`
    select places.arm, places.rater_id as rater, places.episode_id as item, items.known, final.value,
      final.probability, first.value as first_value, first.probability as first_probability,
      (${seconds('final')} + case when first.at is null then 0 else ${seconds('first')} end)::float8 as seconds,
      coalesce(shown.seconds, 0)::float8 as help_seconds,
      coalesce(written.usd, shown.usd, said.usd, 0)::float8 as usd,
      coalesce(written.tokens, shown.tokens, said.tokens, 0)::float8 as tokens
    from study_answers final
    join study_places places on places.project_id = final.project_id and places.study_id = final.study_id
      and places.rater_id = final.rater_id and places.place = final.place
    join study_items items on items.project_id = final.project_id and items.study_id = final.study_id
      and items.episode_id = places.episode_id
    left join study_answers first on first.project_id = final.project_id and first.study_id = final.study_id
      and first.rater_id = final.rater_id and first.place = final.place and first.stage = 'first'
      and final.stage = 'final'
    left join lateral (
      select sum(cost_usd) as usd, sum(input_tokens + output_tokens) as tokens
      from model_calls calls where calls.project_id = ${projectId}
        and calls.request_sha256 in (select left(commit_key, 64) from ratings
          where ratings.project_id = ${projectId} and ratings.episode_id = places.episode_id
            and ratings.criterion_sha256 = ${criterionSha256} and jsonb_array_length(claims) > 0)
    ) written on places.arm = 'critique'
    left join lateral (
      select sum(least(extract(epoch from given.committed_at - given.started_at), ${IDLE_SECONDS}))
          filter (where raters.kind = 'human') as seconds,
        sum(calls.cost_usd) as usd, sum(calls.input_tokens + calls.output_tokens) as tokens
      from jsonb_array_elements(items.parts) as part
      cross join lateral jsonb_array_elements(part.value->'answers') as answer
      join ratings given on given.project_id = ${projectId} and given.id = (answer.value->>'ratingId')::uuid
      join raters on raters.project_id = given.project_id and raters.id = given.rater_id
      left join model_calls calls on calls.project_id = given.project_id and calls.rater_id = given.rater_id
        and calls.request_sha256 = left(given.commit_key, 64)
    ) shown on places.arm = 'decomposition'
    left join lateral (
      select sum(cost_usd) as usd, sum(tokens) as tokens
      from debate_speeches where debate_speeches.project_id = ${projectId}
        and debate_id = case places.arm when 'debate' then items.debate_id else items.consultancy_id end
    ) said on places.arm in ('debate', 'consultancy')
    where final.project_id = ${projectId} and final.study_id = ${id} and ${isLast('final', 'places')}
    order by places.rater_id, places.place`)
  return rows
}

function armView(arm: StudyArm, report: ArmReport): StudyArmView {
  const { accuracy, against, ...rest } = report
  return {
    arm,
    answers: accuracy.total,
    raters: rest.raters,
    right: shareOf(accuracy.accuracy),
    logScore: rest.logScore,
    overconfidence: rest.overconfidence,
    medianSeconds: rest.medianSeconds,
    usdAnAnswer: rest.usdAnAnswer,
    tokensAnAnswer: rest.tokensAnAnswer,
    helpMinutesAnAnswer: rest.helpMinutesAnAnswer,
    spoilt: rest.spoilt,
    mended: rest.mended,
    difference: against?.kind === 'difference' ? shareOf(against.difference) : null,
    verdict: against === null ? null : against.kind === 'difference' ? against.verdict : 'insufficient',
    minutesPerErrorRemoved: rest.minutesPerErrorRemoved,
    usdPerErrorRemoved: rest.usdPerErrorRemoved,
    tokensPerErrorRemoved: rest.tokensPerErrorRemoved,
  }
}

function shareOf({ value, interval }: IntervalEstimate) {
  return interval.kind === 'interval'
    ? { share: value, low: interval.low, high: interval.high }
    : { share: value, low: null, high: null }
}
