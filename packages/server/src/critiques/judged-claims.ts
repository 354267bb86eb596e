/** Claims that raters were shown and said something of, the newest word of each. What was shown with planted copies is no work. */
import type { ClaimMark, Severity } from '@leeway/core/critiques/claim'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import type { ClaimAuthor } from './claims-about.ts'

export type MarkedClaim = {
  readonly severity: Severity
  readonly planted: boolean
  readonly author: ClaimAuthor
  readonly mark: ClaimMark
  /** The question on the episode. */
  readonly item: string
  /** In the critique, from 0. */
  readonly place: number
  /** Out of a critique of which nothing was left out. */
  readonly whole: boolean
  /** The one who judged it is vetted or an expert. */
  readonly trusted: boolean
}

export async function judgedClaims(executor: Executor, projectId: string): Promise<readonly MarkedClaim[]> {
  const { rows } = await executor.execute<MarkedClaim>(sql`
    select distinct on (marks.rater_id, marks.assignment_id, marks.claim) marks.mark, marks.claim as place,
      reveals.claims->marks.claim->>'severity' as severity,
      (reveals.claims->marks.claim->>'planted')::boolean as planted,
      coalesce(reveals.claims->marks.claim->>'author', 'model') as author,
      reveals.whole, first.episode_id || ' ' || first.criterion_sha256 as item,
      coalesce((select ${isTrustedTier(sql`tier`)} from rater_tiers
        where rater_tiers.project_id = marks.project_id and rater_tiers.rater_id = marks.rater_id
        order by rater_tiers.id desc limit 1), false) as trusted
    from claim_marks marks
    join critique_reveals reveals on reveals.project_id = marks.project_id and reveals.rater_id = marks.rater_id
      and reveals.assignment_id = marks.assignment_id
    join ratings first on first.project_id = reveals.project_id and first.id = reveals.rating_id
    where marks.project_id = ${projectId} and ${isNotPlanted(projectId, sql`first.episode_id`)}
    order by marks.rater_id, marks.assignment_id, marks.claim, marks.id desc`)
  return rows
}
