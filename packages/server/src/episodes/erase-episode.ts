import type { ErasedEpisode } from '@leeway/contract/episodes'
import { and, eq, sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { isKept } from '../incidents/kept-episodes.ts'
import { appendLedger } from '../ledger/append.ts'
import { pairsOfEpisode } from '../shadows/pairs-of-episode.ts'
import { copiesOf } from './copies-of.ts'
import { episodeChunks, episodes, episodeTombstones } from './tables.ts'
import { unitKeyHash } from './views.ts'

type Erasing = {
  readonly projectId: string
  readonly episodeId: string
  readonly actor: string
  readonly reason: string
}
type EraseEffects = Pick<Effects, 'db' | 'now' | 'ledgerSigner'>

/**
 * Erases an episode: header, text and index go; a tombstone keeps its identity and outcome, without words. So do the answers that were
 * given beside its turns. The erasing and its ledger entry stand or fall together. Throws AppError not_found, gone when it was erased
 * before, or conflict while an incident of it is open.
 */
export async function eraseEpisode(effects: EraseEffects, erasing: Erasing): Promise<ErasedEpisode> {
  return effects.db.transaction((tx) => eraseWithin(tx, effects, erasing))
}

async function eraseWithin(tx: Transaction, effects: EraseEffects, erasing: Erasing): Promise<ErasedEpisode> {
  const { projectId, episodeId, actor, reason } = erasing
  const at = effects.now()
  const [episode] = await tx
    .select()
    .from(episodes)
    .where(and(eq(episodes.projectId, projectId), eq(episodes.id, episodeId)))
    .for('update')
  if (episode === undefined) throw await missing(tx, projectId, episodeId)
  const kept = await tx.execute(sql`select 1 where ${isKept(projectId, sql`${episodeId}::uuid`)}`)
  if (kept.rows.length > 0)
    throw new AppError(
      'conflict',
      'An incident of this episode is open, and whoever examines it needs the text.',
      'Close the incident first: leeway incident close ID --reason WORDS',
    )
  const unitKeySha256 =
    episode.unitKey === null ? sql`null` : unitKeyHash(projectId, sql`${episode.unitKey}::text`)
  await tx.insert(episodeTombstones).values({
    projectId,
    episodeId,
    agentId: episode.agentId,
    policyId: episode.policyId,
    identity: episode.identity,
    contentHash: episode.contentHash,
    occurrence: episode.occurrence,
    unitKeySha256,
    success: episode.success,
    severe: episode.severe,
    reason,
    erasedAt: at,
  })
  await tx.execute(sql`set local leeway.erasing = 'on'`)
  await tx
    .delete(episodeChunks)
    .where(
      and(
        eq(episodeChunks.projectId, projectId),
        sql`(${episodeChunks.episodeId} = ${episodeId} or ${episodeChunks.episodeId} in ${copiesOf(projectId, sql`= ${episodeId}`)})`,
      ),
    )
  await tx.delete(episodes).where(and(eq(episodes.projectId, projectId), eq(episodes.id, episodeId)))
  const { seq } = await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at,
    actor,
    action: 'episode.erased',
    body: { episodeId, policyId: episode.policyId, contentHash: episode.contentHash },
  })
  for (const beside of await pairsOfEpisode(tx, episode))
    await eraseWithin(tx, effects, { ...erasing, episodeId: beside })
  return { id: episodeId, erasedAt: at.toISOString(), ledgerSeq: seq }
}

async function missing(tx: Transaction, projectId: string, episodeId: string): Promise<AppError> {
  const [tombstone] = await tx
    .select({ erasedAt: episodeTombstones.erasedAt })
    .from(episodeTombstones)
    .where(and(eq(episodeTombstones.projectId, projectId), eq(episodeTombstones.episodeId, episodeId)))
  return tombstone === undefined
    ? new AppError(
        'not_found',
        `There is no episode ${episodeId} in this project.`,
        'List them with: leeway episode list',
      )
    : new AppError(
        'gone',
        `Episode ${episodeId} was erased on ${tombstone.erasedAt.toISOString()}.`,
        'Nothing is left to erase.',
      )
}
