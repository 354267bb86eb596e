/** Puts a false claim among the true ones, to see who believes what they read. */
import type { WriteClaim } from '@leeway/contract/critiques'
import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { criteria } from '../rubrics/tables.ts'
import { requireQuote } from './require-quote.ts'
import { plantedClaims } from './tables.ts'

export async function plantClaim(
  effects: Effects,
  projectId: string,
  actor: string,
  { episode, criterionSha256, ...claim }: z.output<typeof WriteClaim>,
): Promise<string> {
  const { db } = effects
  const [criterion] = await db
    .select({ sha256: criteria.sha256 })
    .from(criteria)
    .where(and(eq(criteria.projectId, projectId), eq(criteria.sha256, criterionSha256)))
  const [stored] = await storedEpisodes(db, projectId, [episode])
  if (criterion === undefined || stored === undefined)
    throw new AppError(
      'not_found',
      `There is no such ${criterion === undefined ? 'question' : 'episode with its text'} in this project.`,
      'Take the sha256 from the rubric, and the episode from the list.',
      { field: criterion === undefined ? 'body.criterionSha256' : 'body.episode' },
    )
  const bound = requireQuote(claim, stored.episode)
  const id = effects.newId()
  const at = effects.now()
  await db.transaction(async (tx) => {
    await tx
      .insert(plantedClaims)
      .values({ projectId, id, episodeId: episode, criterionSha256, claim: bound, actor, at })
    // Which claim it is stays out of the ledger, as gold does.
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'critique.planted',
      body: { episode, criterionSha256 },
    })
  })
  return id
}
