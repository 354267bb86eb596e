/**
 * Answers that a project got in the last 24 hours. Of known questions and of work alike, so that one answer more is one more,
 * whatever it was to.
 *
 * Counting takes as long as the day was busy, and everybody who answers is told: it is counted in the background, and for its part
 * of the time only.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { LastDay } from '@leeway/contract/review'
import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import type { Effects } from '../http/environment.ts'
import type { Reviewer } from './rater-of.ts'

export type DayCount = {
  readonly of: (reviewer: Pick<Reviewer, 'projectId' | 'raterId'>) => Promise<LastDay>
}

type Counted = { readonly atMs: number; readonly tookMs: number; readonly answers: number }

const DAY_MS = 24 * 60 * 60_000
/** A count is told this many times as long as it took. */
const AGE_FACTOR = 60
const AGE_MIN_MS = 250
/** Nobody waits longer for the first one. */
const WAIT_MAX_MS = 500

export function createDayCount({ db, now }: Pick<Effects, 'db' | 'now'>): DayCount {
  const counts = new Map<string, Counted>()
  const counting = new Map<string, Promise<Counted>>()

  const count = (projectId: string): Promise<Counted> => {
    const atMs = performance.now()
    const counted = countAnswers(db, 'answers_of_day', projectId, now(), sql`true`)
      .then((answers) => {
        const found = { atMs, tookMs: performance.now() - atMs, answers }
        counts.set(projectId, found)
        return found
      })
      .finally(() => counting.delete(projectId))
    counting.set(projectId, counted)
    // Whoever asks next counts again.
    counted.catch(() => {})
    return counted
  }
  const everybody = async (projectId: string): Promise<number | null> => {
    const known = counts.get(projectId)
    const isOld =
      known === undefined || performance.now() - known.atMs > Math.max(AGE_MIN_MS, AGE_FACTOR * known.tookMs)
    const newer = counting.get(projectId) ?? (isOld ? count(projectId) : undefined)
    if (known !== undefined || newer === undefined) return known?.answers ?? null
    const first = await Promise.race([newer, pause(WAIT_MAX_MS, null, { ref: false })])
    return first?.answers ?? null
  }
  return {
    of: async ({ projectId, raterId }) => {
      const [mine, all] = await Promise.all([
        countAnswers(db, 'own_answers_of_day', projectId, now(), sql`rater_id = ${raterId}`),
        everybody(projectId),
      ])
      // What one has just said oneself may not be counted yet.
      return { mine, everybody: all === null ? null : Math.max(all, mine) }
    },
  }
}

/** Of answers that were corrected or taken back within the day the last word counts. */
async function countAnswers(
  db: Database,
  name: string,
  projectId: string,
  now: Date,
  whose: SQL,
): Promise<number> {
  const since = new Date(now.getTime() - DAY_MS).toISOString()
  const [row] = await executePrepared<{ answers: number }>(
    db,
    name,
    sql`
    with day as materialized (
      select id, kind, supersedes from ratings
      where project_id = ${projectId} and assignment_id is not null and committed_at > ${since}::timestamptz and ${whose}
    )
    select count(*)::int as answers from day
    where kind in ('answered', 'not-applicable') and id not in (select supersedes from day where supersedes is not null)`,
  )
  return row?.answers ?? 0
}
