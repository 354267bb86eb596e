/**
 * Shows a critique after a first answer, never before: the first answer tells what was found without it. Both answers stay.
 * In the arm 'none' what would have been shown is kept and nothing is shown, so that the two can be compared.
 */
import { createHmac } from 'node:crypto'
import type { CritiqueView } from '@leeway/contract/critiques'
import { type ClaimMark, SEVERITIES, type Severity } from '@leeway/core/critiques/claim'
import { and, asc, eq } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { helpShare, standingPlan } from '../looks/standing-plan.ts'
import { claimsAbout, type Item, type ShownClaim } from './claims-about.ts'
import { armOf, type CritiqueRules, critiqueRulesOf, isShownWhole } from './critique-rules.ts'
import { CLAIMS_MAX } from './measured-curve.ts'
import { claimMarks, critiqueReveals } from './tables.ts'

/** What the rater is shown after this answer; the same again for the same answer. Null: nothing. */
export async function revealAfter(
  effects: Effects,
  reviewer: Reviewer,
  answer: Omit<Item, 'projectId'> & { readonly assignmentId: string; readonly ratingId: string },
): Promise<CritiqueView | null> {
  const { db } = effects
  const { projectId, raterId } = reviewer
  const before = await findReveal(db, reviewer, answer.assignmentId)
  if (before !== undefined)
    return before.ratingId === answer.ratingId ? critiqueView(db, reviewer, before) : null
  const rules = await critiqueRulesOf(db, projectId)
  if (rules === null) return null
  const place = `${raterId}:${answer.assignmentId}`
  const all = shuffled(await claimsAbout(db, { projectId, ...answer }), rules, place).slice(0, CLAIMS_MAX)
  const least = SEVERITIES.indexOf(rules.shownFrom as Severity)
  // Not where nothing happens to be left out: critiques with no small claims would be too many among those shown whole.
  const whole =
    (least === 0 && rules.claimsMax >= CLAIMS_MAX) || isShownWhole(rules, raterId, answer.assignmentId)
  const claims = whole
    ? all
    : all.filter(({ severity }) => SEVERITIES.indexOf(severity) >= least).slice(0, rules.claimsMax)
  if (claims.length === 0) return null
  const plan = await standingPlan(db, projectId, answer.criterionSha256)
  const drawn = helpShare(plan, 'critique', rules)
  await db
    .insert(critiqueReveals)
    .values({
      projectId,
      raterId,
      assignmentId: answer.assignmentId,
      ratingId: answer.ratingId,
      arm: armOf({ ...rules, ...drawn }, raterId, answer.assignmentId),
      ...drawn,
      claims,
      whole,
      at: effects.now(),
    })
    .onConflictDoNothing()
  const made = await findReveal(db, reviewer, answer.assignmentId)
  return made === undefined ? null : critiqueView(db, reviewer, made)
}

export async function markClaim(
  effects: Effects,
  reviewer: Reviewer,
  assignmentId: string,
  wanted: { readonly claim: number; readonly mark: ClaimMark },
): Promise<CritiqueView> {
  const { db } = effects
  const { projectId, raterId } = reviewer
  const reveal = await findReveal(db, reviewer, assignmentId)
  const shown = reveal === undefined ? null : await critiqueView(db, reviewer, reveal)
  const claim = shown?.claims[wanted.claim]
  if (reveal === undefined || claim === undefined)
    throw new AppError(
      'not_found',
      'There is no such claim about this question for you.',
      'Answer the question first; what is claimed comes with the answer.',
    )
  if (claim.mark !== wanted.mark)
    await db
      .insert(claimMarks)
      .values({ projectId, raterId, assignmentId, id: effects.newId(), ...wanted, at: effects.now() })
  return (await critiqueView(db, reviewer, reveal)) as CritiqueView
}

/** Whether the rater answers again with what a critique says in view. */
export async function wasShown(
  executor: Executor,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<boolean> {
  return (await findReveal(executor, reviewer, assignmentId))?.arm === 'critique'
}

type Reveal = typeof critiqueReveals.$inferSelect

async function findReveal(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  assignmentId: string,
): Promise<Reveal | undefined> {
  const [row] = await executor
    .select()
    .from(critiqueReveals)
    .where(
      and(
        eq(critiqueReveals.projectId, projectId),
        eq(critiqueReveals.raterId, raterId),
        eq(critiqueReveals.assignmentId, assignmentId),
      ),
    )
  return row
}

/** Built field by field: neither the author of a claim nor whether it was planted is told. */
async function critiqueView(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  reveal: Reveal,
): Promise<CritiqueView | null> {
  if (reveal.arm !== 'critique') return null
  const marks = await executor
    .select()
    .from(claimMarks)
    .where(
      and(
        eq(claimMarks.projectId, projectId),
        eq(claimMarks.raterId, raterId),
        eq(claimMarks.assignmentId, reveal.assignmentId),
      ),
    )
    .orderBy(asc(claimMarks.id))
  const standing = new Map(marks.map(({ claim, mark }) => [claim, mark as ClaimMark]))
  return {
    assignmentId: reveal.assignmentId,
    claims: (reveal.claims as readonly ShownClaim[]).map(({ text, severity, step, quote }, at) => ({
      text,
      severity,
      step,
      quote,
      mark: standing.get(at) ?? null,
    })),
  }
}

/** The worst first, and among equals an order that tells no author. */
function shuffled(
  claims: readonly ShownClaim[],
  { seed }: CritiqueRules,
  place: string,
): readonly ShownClaim[] {
  const key = ({ source, text }: ShownClaim) =>
    createHmac('sha256', seed).update(`${place}:${source}:${text}`).digest('hex')
  return [...claims].sort(
    (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || (key(a) < key(b) ? -1 : 1),
  )
}
