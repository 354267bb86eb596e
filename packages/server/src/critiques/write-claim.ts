/**
 * A person says what is wrong, as a critic: of a question that they are not asked themselves, and that they are asked no more
 * from then on. Their claims are shown like those of models, and counted apart from them.
 */
import type { CriticSheet, WriteClaim } from '@leeway/contract/critiques'
import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Reviewer } from '../assignments/rater-of.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { standingConflicts } from '../raters/conflicts.ts'
import { criticSheet } from './critic-sheet.ts'
import type { EpisodeRead } from './episode-read.ts'
import { requireQuote } from './require-quote.ts'
import { writtenClaims } from './tables.ts'

/** Of one person about one question on an episode: raters are shown six. */
const OWN_MAX = 10

export async function writeClaim(
  effects: Effects,
  critic: Reviewer,
  episode: EpisodeRead,
  { criterionSha256, ...given }: z.output<typeof WriteClaim>,
): Promise<CriticSheet> {
  const { db } = effects
  const { projectId, raterId } = critic
  const { questions } = await criticSheet(db, critic, episode)
  const question = questions.find((one) => one.criterionSha256 === criterionSha256)
  if (question === undefined)
    throw new AppError(
      'not_found',
      'No such question is asked about this episode.',
      'Take one of the questions that are listed for it.',
      { field: 'body.criterionSha256' },
    )
  if (question.isOwn)
    throw new AppError(
      'conflict',
      'You are asked this question yourself, so you cannot be its critic.',
      'Answer it, and leave the claims to others; or take another episode.',
    )
  if (question.claims.length >= OWN_MAX)
    throw new AppError(
      'conflict',
      `You have written ${OWN_MAX} claims about this question on this episode.`,
      'Take one back before you write another.',
    )
  await refuseConflict(effects, critic, episode)
  const claim = requireQuote(given, episode.text)
  await db.insert(writtenClaims).values({
    projectId,
    id: effects.newId(),
    episodeId: episode.id,
    criterionSha256,
    raterId,
    claim,
    takesBack: null,
    at: effects.now(),
  })
  return criticSheet(db, critic, episode)
}

/** The critic's own. Who was shown it keeps it. */
export async function takeBackClaim(
  effects: Effects,
  { projectId, raterId }: Reviewer,
  claimId: string,
): Promise<void> {
  const own = and(eq(writtenClaims.projectId, projectId), eq(writtenClaims.raterId, raterId))
  const [row] = await effects.db
    .select()
    .from(writtenClaims)
    .where(and(own, eq(writtenClaims.id, claimId)))
  if (row === undefined || row.claim === null)
    throw new AppError('not_found', 'You have written no such claim.', 'Open the episode to see yours.')
  const taken = await effects.db
    .select({ id: writtenClaims.id })
    .from(writtenClaims)
    .where(and(own, eq(writtenClaims.takesBack, claimId)))
  if (taken.length > 0) return
  const { episodeId, criterionSha256 } = row
  await effects.db.insert(writtenClaims).values({
    projectId,
    id: effects.newId(),
    episodeId,
    criterionSha256,
    raterId,
    claim: null,
    takesBack: claimId,
    at: effects.now(),
  })
}

async function refuseConflict(
  { db }: Pick<Effects, 'db'>,
  { projectId, raterId }: Reviewer,
  { agentId }: EpisodeRead,
): Promise<void> {
  const { rows } = await db.execute(sql`
    select 1 from ${standingConflicts(projectId)} conflict
    where conflict.rater_id = ${raterId} and conflict.agent_id = ${agentId}`)
  if (rows.length > 0)
    throw new AppError(
      'forbidden',
      'You may not judge this agent, nor write about it: a conflict of interest is on record.',
      'Ask an admin of the project if that no longer holds.',
    )
}
