/** Claims that raters were shown and said something of, the newest word of each. */
import type { ClaimMark, Severity } from '@leeway/core/critiques/claim'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export type MarkedClaim = {
  readonly severity: Severity
  readonly planted: boolean
  readonly mark: ClaimMark
}

export async function judgedClaims(executor: Executor, projectId: string): Promise<readonly MarkedClaim[]> {
  const { rows } = await executor.execute<MarkedClaim>(sql`
    select distinct on (marks.rater_id, marks.assignment_id, marks.claim) marks.mark,
      reveals.claims->marks.claim->>'severity' as severity,
      (reveals.claims->marks.claim->>'planted')::boolean as planted
    from claim_marks marks
    join critique_reveals reveals on reveals.project_id = marks.project_id and reveals.rater_id = marks.rater_id
      and reveals.assignment_id = marks.assignment_id
    where marks.project_id = ${projectId}
    order by marks.rater_id, marks.assignment_id, marks.claim, marks.id desc`)
  return rows
}
