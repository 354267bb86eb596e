/** What critiques did: first answers beside those that stand, in both arms, and what raters said of the claims. */
import type { CritiqueReport } from '@leeway/contract/critiques'
import { betaInterval } from '@leeway/core/raters/beta-interval'
import { compareArms } from '@leeway/core/studies/compare-arms'
import type { Judgment } from '@leeway/core/studies/judgment'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { critiqueRulesOf } from './critique-rules.ts'
import { judgedClaims } from './judged-claims.ts'
import { shownFrom } from './shown-from.ts'

const ARMS = ['critique', 'none'] as const
const SEED = 1
const LEVEL = 0.95
/** Longer than this, and the rater was away. */
const IDLE_SECONDS = 600

type Row = {
  readonly arm: (typeof ARMS)[number]
  readonly rater: string
  readonly item: string
  readonly changed: boolean
  /** Null: nothing is known of the item. */
  readonly right_at_first: boolean | null
  readonly right_at_last: boolean | null
  readonly seconds: number
}

export async function critiqueReport(executor: Executor, projectId: string): Promise<CritiqueReport> {
  const rules = await critiqueRulesOf(executor, projectId)
  const rows = await answersShown(executor, projectId)
  const judged = await judgedClaims(executor, projectId)
  const own = judged.filter(({ planted }) => !planted)
  const planted = judged.filter((one) => one.planted)
  const marked = (mark: string) => own.filter((one) => one.mark === mark).length
  const held = marked('valid') + marked('seen')
  const believed = planted.filter(({ mark }) => mark !== 'invalid').length
  return {
    rules: rules === null ? null : { share: rules.share, missedCost: rules.missedCost },
    arms: ARMS.map((arm) => armView(arm, rows)),
    difference: differenceOf(rows),
    claims: {
      shown: await claimsShown(executor, projectId),
      valid: marked('valid'),
      seen: marked('seen'),
      invalid: marked('invalid'),
      precision: rateOf(held, own.length),
    },
    planted: { judged: planted.length, believed: rateOf(believed, planted.length) },
    shownFrom: rules === null ? 'minor' : await shownFrom(executor, rules),
  }
}

/** Answers after which a critique was shown or held back; gold of the part that may be read. */
async function answersShown(executor: Executor, projectId: string): Promise<readonly Row[]> {
  const { rows } = await executor.execute<Row>(sql`
    select reveals.arm, reveals.rater_id as rater, first.episode_id as item,
      last.kind <> first.kind or last.value is distinct from first.value as changed,
      first.value #>> '{}' = gold.value as right_at_first, last.value #>> '{}' = gold.value as right_at_last,
      least(extract(epoch from last.committed_at - first.started_at), ${IDLE_SECONDS})::float8 as seconds
    from critique_reveals reveals
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
    where reveals.project_id = ${projectId} order by reveals.at, reveals.assignment_id`)
  return rows
}

async function claimsShown(executor: Executor, projectId: string): Promise<number> {
  const { rows } = await executor.execute<{ shown: number }>(sql`
    select count(*)::int as shown from critique_reveals, jsonb_array_elements(claims) as claim
    where project_id = ${projectId} and arm = 'critique' and not (claim->>'planted')::boolean`)
  return rows[0]?.shown ?? 0
}

function armView(arm: (typeof ARMS)[number], all: readonly Row[]): CritiqueReport['arms'][number] {
  const rows = all.filter((row) => row.arm === arm)
  const known = rows.filter((row) => row.right_at_last !== null)
  const share = (right: (row: Row) => boolean | null) =>
    known.length === 0 ? null : known.filter(right).length / known.length
  const seconds = rows.map((row) => row.seconds).sort((a, b) => a - b)
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
function differenceOf(rows: readonly Row[]): CritiqueReport['difference'] {
  const judgments = rows
    .filter((row) => row.right_at_last !== null)
    .map(({ arm, item, rater, right_at_last }): Judgment => {
      return { arm, item, rater, probabilities: [right_at_last === true ? 1 : 0] }
    })
  const found = compareArms(judgments, ARMS, SEED)
  if (found.kind !== 'difference' || found.difference.interval.kind !== 'interval') return null
  const { low, high } = found.difference.interval
  return { share: found.difference.value, low, high }
}

function rateOf(count: number, of: number) {
  if (of === 0) return null
  const { low, high } = betaInterval(count + 0.5, of - count + 0.5, LEVEL)
  return { share: count / of, low, high }
}
