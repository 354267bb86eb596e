/** What stands behind an assignment as its rater may know it: question, episode, and the rater's own last word. */
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import type { Reviewer } from './rater-of.ts'
import { isOpen } from './reserve.ts'

export type OwnRating = {
  readonly id: string
  /** 'withdrawn' after an undo. */
  readonly kind: 'answered' | 'not-applicable' | 'abstained' | 'withdrawn'
  readonly value: string | number | null
  readonly reason: string | null
  readonly probability: number | null
  readonly comment: string
  readonly evidence: readonly number[]
  readonly flagged: boolean
  readonly committedAt: Date
}
export type Asked = {
  readonly assignmentId: string
  readonly episodeId: string
  readonly criterionSha256: string
  readonly criterion: Criterion
  /** The answer that this rater is to check; null: the rater is asked to find one. Drawn for this rater alone. */
  readonly proposed: string | null
  /** Null when the episode was erased. */
  readonly stepCount: number | null
  /** Newest row of the rater; null before the first. */
  readonly own: OwnRating | null
  /** True also after the reservation ran out. */
  readonly reserved: boolean
  /** Whether there is room for this rater: not answered by it, and answers are wanted that nobody else is at. */
  readonly open: boolean
}

/** To this rater, by the server. */
export function wasGiven({ own, reserved }: Asked): boolean {
  return reserved || own !== null
}

type Row = {
  readonly id: string
  readonly episode_id: string
  readonly criterion_sha256: string
  readonly criterion: Criterion
  readonly proposed: string | null
  readonly step_count: number | null
  readonly reserved: boolean
  readonly open: boolean
  readonly own_id: string | null
  readonly kind: OwnRating['kind']
  readonly value: string | number | null
  readonly reason: string | null
  readonly probability: number | null
  readonly comment: string
  readonly evidence: readonly number[]
  readonly flagged: boolean
  readonly committed_at: Date | string
}

type Reading = Pick<Effects, 'db' | 'now'>

export async function findAsked(
  { db, now }: Reading,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<Asked | undefined> {
  const [asked] = await read(db, 'asked', reviewer, now(), sql`assignments.id = ${assignmentId}`)
  return asked
}

/** All questions about one episode, by position. */
export async function askedOfEpisode(
  { db, now }: Reading,
  reviewer: Reviewer,
  episodeId: string,
): Promise<readonly Asked[]> {
  return read(db, 'asked_of_episode', reviewer, now(), sql`assignments.episode_id = ${episodeId}`)
}

async function read(
  db: Database,
  name: string,
  reviewer: Reviewer,
  now: Date,
  where: SQL,
): Promise<readonly Asked[]> {
  const { projectId, raterId } = reviewer
  // `purpose` is in another table and stays there: nothing here can tell gold from audit.
  const found = await executePrepared<Row>(
    db,
    name,
    sql`
    select assignments.id, assignments.episode_id, assignments.criterion_sha256, criteria.definition as criterion,
      forms.proposed #>> '{}' as proposed, coalesce(episodes.step_count, copy.step_count) as step_count, own.id as own_id, own.kind, own.value, own.reason, own.probability,
      own.comment, own.evidence, own.flagged, own.committed_at, exists (select 1 from reservations where reservations.project_id = assignments.project_id
        and reservations.assignment_id = assignments.id and reservations.rater_id = ${raterId}) as reserved,
      (${isOpen(reviewer, now)}) as open
    from assignments
    join criteria on criteria.project_id = assignments.project_id and criteria.sha256 = assignments.criterion_sha256
    left join episodes on episodes.project_id = assignments.project_id and episodes.id = assignments.episode_id
    left join rater_copies copy on copy.project_id = assignments.project_id and copy.copy_id = assignments.episode_id
      and copy.rater_id = ${raterId} and exists (select 1 from episode_chunks where episode_chunks.project_id = copy.project_id
        and episode_chunks.episode_id = copy.copy_id and episode_chunks.kind = ${CHUNK_KIND.detail})
    left join question_forms forms on forms.project_id = assignments.project_id and forms.rater_id = ${raterId}
      and forms.episode_id = assignments.episode_id and forms.criterion_sha256 = assignments.criterion_sha256
    left join lateral (
      select * from ratings where ratings.project_id = assignments.project_id and ratings.rater_id = ${raterId}
        and ratings.episode_id = assignments.episode_id and ratings.criterion_sha256 = assignments.criterion_sha256
        and not exists (select 1 from ratings later
          where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      limit 1
    ) own on true
    where assignments.project_id = ${projectId} and ${where}
    order by position, assignments.id`,
  )
  return found.map((row) => ({
    assignmentId: row.id,
    episodeId: row.episode_id,
    criterionSha256: row.criterion_sha256,
    criterion: row.criterion,
    proposed: row.proposed,
    stepCount: row.step_count,
    reserved: row.reserved,
    open: row.open,
    own:
      row.own_id === null
        ? null
        : {
            id: row.own_id,
            kind: row.kind,
            value: row.value,
            reason: row.reason,
            probability: row.probability,
            comment: row.comment,
            evidence: row.evidence,
            flagged: row.flagged,
            committedAt: new Date(row.committed_at),
          },
  }))
}
