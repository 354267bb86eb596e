/**
 * How good the ways are in which a question is looked at: by which tier, and with which help. Counted on known answers of the part
 * that may be learnt from, with the minutes people took; nothing here reads the part that measures.
 */
import type { WayRecord } from '@leeway/core/gate/choose-way'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import { tierOfRater } from '../releases/criterion-labels.ts'
import type { RaterGroup } from './standing-plan.ts'

export type Help = 'critique' | 'decomposition'
export type Question = {
  readonly projectId: string
  readonly criterionSha256: string
  /** The answer that is no failure. */
  readonly good: string
}

/** Longer than this, and the rater was away. */
const IDLE_SECONDS = 600

type Row = {
  readonly name: string
  readonly faults: number
  readonly found: number
  readonly sound: number
  readonly passed: number
  readonly minutes: number | null
}

/** People who are trusted now, of either tier and of both. What they say first counts, before any help. */
export async function groupRecords(
  executor: Executor,
  question: Question,
): Promise<readonly WayRecord<RaterGroup>[]> {
  const { projectId, criterionSha256 } = question
  const rows = await counted<Exclude<RaterGroup, 'anyone'>>(
    executor,
    question,
    sql`select newest.tier as name, ratings.episode_id, ratings.value, 1::float8 as weight,
        ${secondsOf(sql`ratings.started_at`, sql`ratings.committed_at`)} as seconds
      from ratings ${tierOfRater(isTrustedTier(sql`newest.tier`))}
      where ratings.project_id = ${projectId} and ratings.criterion_sha256 = ${criterionSha256}
        and ratings.kind = 'answered' and ratings.form = 'find' and ratings.assistance = 'none'
        and ${isNotPlanted(projectId, sql`ratings.episode_id`)}
        and not exists (select 1 from ratings later where later.project_id = ratings.project_id
          and later.supersedes = ratings.id and later.assistance = 'none')`,
  )
  const of = (name: Exclude<RaterGroup, 'anyone'>) => rows.find((row) => row.name === name)
  const [vetted, expert] = [of('vetted'), of('expert')]
  return [together(rows), ...[vetted, expert].flatMap((one) => one ?? [])]
}

/** Who is at hand answers: as many of a tier as of the known answers it gave. */
function together(tiers: readonly WayRecord<Exclude<RaterGroup, 'anyone'>>[]): WayRecord<'anyone'> {
  const sum = (of: (one: Row) => number) => tiers.reduce((total, one) => total + of(one), 0)
  const answers = sum(({ faults, sound }) => faults + sound)
  const isTimed = tiers.length > 0 && tiers.every(({ minutes }) => minutes !== null)
  return {
    name: 'anyone',
    faults: sum(({ faults }) => faults),
    found: sum(({ found }) => found),
    sound: sum(({ sound }) => sound),
    passed: sum(({ passed }) => passed),
    minutes: isTimed
      ? sum(({ faults, sound, minutes }) => ((faults + sound) * (minutes ?? 0)) / answers)
      : null,
  }
}

/**
 * Answers that stand after help was shown or held back, by a draw of known probability: each weighs one over it, so that times at
 * which help was drawn more often count no more. Unaided first; the help that was drawn for this question last, null where none was.
 */
export async function helpRecords(
  executor: Executor,
  question: Question,
): Promise<{ readonly help: Help; readonly records: readonly WayRecord<'none' | Help>[] } | null> {
  const { projectId, criterionSha256 } = question
  const reveals = sql`(
    select project_id, rater_id, rating_id, arm, share, at, 'critique' as help from critique_reveals where project_id = ${projectId}
    union all select project_id, rater_id, rating_id, arm, share, at, 'decomposition' from split_reveals
    where project_id = ${projectId})`
  const { rows } = await executor.execute<{ help: Help }>(sql`
    select help from ${reveals} reveals
    join ratings first on first.project_id = reveals.project_id and first.id = reveals.rating_id
    where first.criterion_sha256 = ${criterionSha256} order by reveals.at desc limit 1`)
  const help = rows[0]?.help
  if (help === undefined) return null
  const found = await counted<'none' | Help>(
    executor,
    question,
    sql`select reveals.arm as name, first.episode_id, last.value,
        1 / greatest(case when reveals.arm = 'none' then 1 - share else share end, 0.01) as weight,
        ${secondsOf(sql`first.started_at`, sql`last.committed_at`)} as seconds
      from ${reveals} reveals
      join ratings first on first.project_id = reveals.project_id and first.id = reveals.rating_id
        and first.criterion_sha256 = ${criterionSha256}
      join raters on raters.project_id = first.project_id and raters.id = first.rater_id and raters.kind = 'human'
      join lateral (
        select * from ratings where ratings.project_id = first.project_id and ratings.rater_id = first.rater_id
          and ratings.episode_id = first.episode_id and ratings.criterion_sha256 = first.criterion_sha256
          and not exists (select 1 from ratings later
            where later.project_id = ratings.project_id and later.supersedes = ratings.id)
        limit 1
      ) last on last.kind = 'answered'
      where help = ${help} and share is not null and ${isNotPlanted(projectId, sql`first.episode_id`)}`,
  )
  const none = { name: 'none' as const, faults: 0, found: 0, sound: 0, passed: 0, minutes: null }
  return {
    help,
    records: [
      found.find(({ name }) => name === 'none') ?? none,
      ...found.filter(({ name }) => name === help),
    ],
  }
}

/** `answers`: rows of `name`, `episode_id`, `value`, `weight` and `seconds`. Counts are whole, rates are weighted. */
async function counted<Name extends string>(
  executor: Executor,
  { projectId, criterionSha256, good }: Question,
  answers: SQL,
): Promise<readonly WayRecord<Name>[]> {
  const share = (of: SQL, what: SQL) => sql`(count(*) filter (where ${of}) * coalesce(
    sum(weight) filter (where ${of} and ${what}) / nullif(sum(weight) filter (where ${of}), 0), 0))::float8`
  const [isFault, isSound] = [sql`gold.value <> ${good}`, sql`gold.value = ${good}`]
  const { rows } = await executor.execute<Row>(sql`
    select name, (count(*) filter (where ${isFault}))::int as faults,
      ${share(isFault, sql`answers.value #>> '{}' <> ${good}`)} as found,
      (count(*) filter (where ${isSound}))::int as sound,
      ${share(isSound, sql`answers.value #>> '{}' = ${good}`)} as passed,
      (percentile_cont(0.5) within group (order by seconds) / 60)::float8 as minutes
    from (${answers}) answers
    join gold_answers gold on gold.project_id = ${projectId} and gold.episode_id = answers.episode_id
      and gold.criterion_sha256 = ${criterionSha256} and gold.part = 'fit'
    group by name order by name`)
  return rows.map((row) => ({ ...row, name: row.name as Name }))
}

const secondsOf = (from: SQL, to: SQL) =>
  sql`case when ${to} > ${from} then least(extract(epoch from ${to} - ${from}), ${IDLE_SECONDS})::float8 end`
