/** Puts questions into the inbox. What each is for is kept apart, where no query of a rater looks. */
import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import { v4 } from 'uuid'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { drawLooks } from '../looks/draw-looks.ts'
import { assignmentPurposes, assignments } from './tables.ts'
import { uniformDraw } from './uniform-draw.ts'

export type WantedAnswers = {
  readonly rubricId: string
  readonly criterionSha256: string
  readonly episodeIds: readonly string[]
  /** Answers of trusted raters; abstentions do not count. 0: nobody is offered it, it is given to whom it was drawn for. */
  readonly answersWanted: number
  readonly purpose: 'audit' | 'second-look' | 'gold' | 'chosen' | 'part'
  /** Of an audit or a second look: the release that drew it, and the unit's place in its order. */
  readonly releaseId?: string
  readonly sequence?: number
}

type Making = Pick<Effects, 'newId' | 'now' | 'randomBytes'>

/** Rows of one insert; keeps the statement under PostgreSQL's 65,535 parameters. */
const ROWS_AT_ONCE = 5_000

/** `known` were asked already; they get the new purpose beside their own. Safe to repeat. */
export async function openAssignments(
  tx: Transaction,
  effects: Making,
  projectId: string,
  wanted: WantedAnswers,
): Promise<{ readonly added: number; readonly known: number }> {
  const episodeIds = [...new Set(wanted.episodeIds)]
  let added = 0
  for (let at = 0; at < episodeIds.length; at += ROWS_AT_ONCE)
    added += await openSome(tx, effects, projectId, wanted, episodeIds.slice(at, at + ROWS_AT_ONCE))
  return { added, known: episodeIds.length - added }
}

async function openSome(
  tx: Transaction,
  effects: Making,
  projectId: string,
  wanted: WantedAnswers,
  episodeIds: readonly string[],
): Promise<number> {
  const createdAt = effects.now()
  const added = await tx
    .insert(assignments)
    .values(
      episodeIds.map((episodeId) => ({
        projectId,
        // Raters see it, so it must not hold the time: gold is asked in one go, audits in another.
        id: v4({ random: effects.randomBytes(16) }),
        rubricId: wanted.rubricId,
        episodeId,
        criterionSha256: wanted.criterionSha256,
        // The place in the queue says nothing of why or when a question was asked.
        position: uniformDraw(effects),
        answersWanted: wanted.answersWanted,
        createdAt,
      })),
    )
    .onConflictDoNothing()
    .returning({ id: assignments.id })
  if (wanted.answersWanted > 0)
    await drawLooks(
      tx,
      effects,
      { projectId, criterionSha256: wanted.criterionSha256 },
      added.map(({ id }) => id),
    )
  const asked = await tx
    .select({ id: assignments.id })
    .from(assignments)
    .where(
      and(
        eq(assignments.projectId, projectId),
        eq(assignments.criterionSha256, wanted.criterionSha256),
        inArray(assignments.episodeId, [...episodeIds]),
        wanted.answersWanted > 0 ? gt(assignments.answersWanted, 0) : undefined,
      ),
    )
  const ids = asked.map(({ id }) => id)
  const { purpose, releaseId = null, sequence = null } = wanted
  const same = await tx
    .select({ id: assignmentPurposes.assignmentId })
    .from(assignmentPurposes)
    .where(
      and(
        eq(assignmentPurposes.projectId, projectId),
        inArray(assignmentPurposes.assignmentId, ids),
        eq(assignmentPurposes.purpose, purpose),
        releaseId === null
          ? isNull(assignmentPurposes.releaseId)
          : eq(assignmentPurposes.releaseId, releaseId),
      ),
    )
  const told = new Set(same.map(({ id }) => id))
  const rows = ids
    .filter((id) => !told.has(id))
    .map((assignmentId) => ({
      projectId,
      assignmentId,
      id: effects.newId(),
      purpose,
      releaseId,
      sequence,
      createdAt,
    }))
  if (rows.length > 0) await tx.insert(assignmentPurposes).values(rows)
  return added.length
}
