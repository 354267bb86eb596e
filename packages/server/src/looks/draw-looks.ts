/**
 * Draws for whom questions are kept, as they are opened: at the probabilities of the question's plan and from nothing else, so that
 * audits, known answers and chosen questions go to the same raters in the same shares. Kept for a time only.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { type LookPlan, standingPlan } from './standing-plan.ts'
import { lookDraws } from './tables.ts'

/** A working day and a night: who is asked for has looked in by then. */
const KEPT_MS = 24 * 3_600_000

export async function drawLooks(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'randomBytes'>,
  place: { readonly projectId: string; readonly criterionSha256: string },
  assignmentIds: readonly string[],
): Promise<void> {
  if (assignmentIds.length === 0) return
  const plan = await standingPlan(tx, place.projectId, place.criterionSha256)
  if (plan === undefined) return
  const at = effects.now()
  await tx.insert(lookDraws).values(
    assignmentIds.map((assignmentId) => ({
      projectId: place.projectId,
      assignmentId,
      planId: plan.id,
      ...groupAt(plan, uniformDraw(effects)),
      keptUntil: new Date(at.getTime() + KEPT_MS),
      at,
    })),
  )
}

function groupAt({ groups }: LookPlan, drawn: number) {
  let upTo = 0
  const found = groups.find(({ probability }) => {
    upTo += probability
    return drawn < upTo
  })
  // Rounding may leave the last digit of 1 to nobody.
  const { name, probability } = found ?? { name: 'anyone', probability: groups[0]?.probability ?? 1 }
  return { raterGroup: name, probability }
}

/** SQL: a condition on `assignments`, that it is kept for trusted people of another tier. What untrusted ones say is no label. */
export const isKeptForOthers = ({ trusted, expert }: Pick<Reviewer, 'trusted' | 'expert'>, now: Date): SQL =>
  sql`(${trusted}::boolean and ${isKeptFromTrusted(expert, now)})`

/** The same for trusted people: PostgreSQL joins by it as it stands, and looks at each question if anything goes before it. */
export const isKeptFromTrusted = (expert: boolean, now: Date): SQL =>
  sql`exists (select 1 from look_draws kept where kept.project_id = assignments.project_id
    and kept.assignment_id = assignments.id and kept.kept_until > ${now.toISOString()}::timestamptz
    and kept.rater_group not in ('anyone', ${expert ? 'expert' : 'vetted'}::text))`
