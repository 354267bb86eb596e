/**
 * What help after a first answer did: first answers beside those that stand, with the help and without. Which of the two it was
 * was drawn at random, so that the difference is the help's.
 */
import type { HelpArm as HelpArmView } from '@leeway/contract/critiques'
import { betaInterval } from '@leeway/core/raters/beta-interval'
import { compareArms } from '@leeway/core/studies/compare-arms'
import type { Judgment } from '@leeway/core/studies/judgment'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'

/** Where it is kept who was shown what. */
const REVEALS = { critique: sql`critique_reveals`, decomposition: sql`split_reveals` } as const
type Help = keyof typeof REVEALS
type Rate = { readonly share: number; readonly low: number; readonly high: number }
type HelpArm<Arm> = z.infer<typeof HelpArmView> & { readonly arm: Arm }

const SEED = 1
const LEVEL = 0.95
/** Longer than this, and the rater was away. */
const IDLE_SECONDS = 600

type Row = {
  readonly arm: string
  readonly rater: string
  readonly item: string
  readonly changed: boolean
  /** Null: nothing is known of the item. */
  readonly right_at_first: boolean | null
  readonly right_at_last: boolean | null
  /** Null: not measured, as of what was imported. */
  readonly seconds: number | null
}

/** The helped arm first. `difference`: of answers that stand on known items, helped less not; null when it cannot be told. */
export async function helpArms<Arm extends Help>(
  executor: Executor,
  projectId: string,
  help: Arm,
): Promise<{ readonly arms: readonly HelpArm<Arm | 'none'>[]; readonly difference: Rate | null }> {
  const rows = await answersShown(executor, projectId, help)
  return {
    arms: [armView<Arm | 'none'>(help, rows), armView<Arm | 'none'>('none', rows)],
    difference: differenceOf(rows, help),
  }
}

/**
 * Answers after which help was shown or held back as its rules say: a plan of one question draws help at a share of its own, and
 * all shares in one would compare easy questions with hard ones. Gold of the part that may be read. Those about planted copies are no work. */
async function answersShown(executor: Executor, projectId: string, help: Help): Promise<readonly Row[]> {
  const { rows } = await executor.execute<Row>(sql`
    select reveals.arm, reveals.rater_id as rater, first.episode_id as item,
      last.kind <> first.kind or last.value is distinct from first.value as changed,
      first.value #>> '{}' = gold.value as right_at_first, last.value #>> '{}' = gold.value as right_at_last,
      case when first.started_at is not null then
        least(extract(epoch from last.committed_at - first.started_at), ${IDLE_SECONDS})::float8 end as seconds
    from ${REVEALS[help]} reveals
    join ratings first on first.project_id = reveals.project_id and first.id = reveals.rating_id
    join lateral (
      select * from ratings where ratings.project_id = first.project_id and ratings.rater_id = first.rater_id
        and ratings.episode_id = first.episode_id and ratings.criterion_sha256 = first.criterion_sha256
        and not exists (select 1 from ratings later
          where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      limit 1
    ) last on last.kind <> 'withdrawn'
    left join gold_answers gold on gold.project_id = first.project_id and gold.episode_id = first.episode_id
      and gold.criterion_sha256 = first.criterion_sha256 and gold.part = 'fit'
    where reveals.project_id = ${projectId} and reveals.plan_id is null
      and ${isNotPlanted(projectId, sql`first.episode_id`)}
    order by reveals.at, reveals.assignment_id`)
  return rows
}

function armView<Arm extends string>(arm: Arm, all: readonly Row[]): HelpArm<Arm> {
  const rows = all.filter((row) => row.arm === arm)
  const known = rows.filter((row) => row.right_at_last !== null)
  const share = (right: (row: Row) => boolean | null) =>
    known.length === 0 ? null : known.filter(right).length / known.length
  const seconds = rows.flatMap((row) => row.seconds ?? []).sort((a, b) => a - b)
  return {
    arm,
    answers: rows.length,
    changed: rows.filter(({ changed }) => changed).length,
    known: known.length,
    rightAtFirst: share((row) => row.right_at_first),
    rightAtLast: share((row) => row.right_at_last),
    seconds: seconds[Math.floor(seconds.length / 2)] ?? null,
  }
}

/** Clustered by item and by rater, whichever is wider. */
function differenceOf(rows: readonly Row[], help: Help): Rate | null {
  const judgments = rows
    .filter((row) => row.right_at_last !== null)
    .map(({ arm, item, rater, right_at_last }): Judgment => {
      return { arm, item, rater, probabilities: [right_at_last === true ? 1 : 0] }
    })
  const found = compareArms(judgments, [help, 'none'], SEED)
  if (found.kind !== 'difference' || found.difference.interval.kind !== 'interval') return null
  const { low, high } = found.difference.interval
  return { share: found.difference.value, low, high }
}

export function rateOf(count: number, of: number): Rate | null {
  if (of === 0) return null
  const { low, high } = betaInterval(count + 0.5, of - count + 0.5, LEVEL)
  return { share: count / of, low, high }
}
