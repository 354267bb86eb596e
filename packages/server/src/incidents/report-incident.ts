/**
 * Reports an episode as an incident. In one transaction: what held is frozen, the ledger says so, a candidate that did harm of
 * this severity is rolled back, and the episode becomes a known answer to the question that it violated.
 */
import type { ReportIncident } from '@leeway/contract/incidents'
import { rollsBack } from '@leeway/core/ladder/incident-rule'
import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { lockContract } from '../contracts/stored-contracts.ts'
import type { Transaction } from '../db/connect.ts'
import { episodes } from '../episodes/tables.ts'
import { measureMove } from '../gateway/reach.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { recordGold } from '../raters/set-gold.ts'
import { rollBackWithin } from '../releases/check-release.ts'
import { lockAgainstMoves } from '../releases/lock-against-moves.ts'
import { freezeIncident } from './freeze-incident.ts'
import { isKept } from './kept-episodes.ts'
import { incidents } from './tables.ts'

/** Answers its id. Throws AppError: not_found, gone, conflict where one is open, or what the known answer is refused for. */
export async function reportIncident(
  effects: Effects,
  projectId: string,
  actor: string,
  { episode: episodeId, severity, reason, violated }: z.output<typeof ReportIncident>,
): Promise<string> {
  const id = effects.newId()
  const moved = await effects.db.transaction(async (tx) => {
    const episode = await lockEpisode(tx, projectId, episodeId)
    // Whoever moves a release takes its lock first, then its agent's contract, then the ledger's: so does this.
    await lockAgainstMoves(tx, projectId, episode.policyId)
    const { frozen, sha256, release } = await freezeIncident(tx, episode)
    await lockContract(tx, episode.agentId)
    const at = effects.now()
    const { seq } = await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'incident.reported',
      body: {
        incident: id,
        episode: episodeId,
        contentHash: episode.contentHash,
        agent: episode.agentId,
        policy: episode.policyId,
        severity,
        contractVersion: frozen.contract?.version ?? null,
        contractSha256: frozen.contract?.sha256 ?? null,
        release: frozen.release?.id ?? null,
        stage: frozen.release?.stage ?? null,
        turns: frozen.turns.length,
        frozenSha256: sha256,
      },
    })
    const isOpen = frozen.release?.state === 'climbing' || frozen.release?.state === 'proposed'
    const ends =
      release !== undefined && isOpen && frozen.release?.role === 'candidate' && rollsBack(severity)
    const rollback = ends
      ? await rollBackWithin(tx, effects, release, { actor, reason: `incident (${severity}): ${reason}` })
      : null
    await tx.insert(incidents).values({
      projectId,
      id,
      episodeId,
      agentId: episode.agentId,
      policyId: episode.policyId,
      severity,
      reason,
      releaseId: release?.id ?? null,
      rollbackOrdinal: rollback?.ordinal ?? null,
      criterionSha256: violated?.criterionSha256 ?? null,
      frozen,
      frozenSha256: sha256,
      actor,
      ledgerSeq: seq,
      at,
    })
    if (violated !== undefined)
      // Nobody who answers is told that it was an incident.
      await recordGold(tx, effects, { projectId, episode: episodeId, ...violated, explanation: '', actor })
    return rollback?.moved ?? null
  })
  await measureMove(effects, projectId, moved)
  return id
}

async function lockEpisode(tx: Transaction, projectId: string, episodeId: string) {
  const [episode] = await tx
    .select()
    .from(episodes)
    .where(and(eq(episodes.projectId, projectId), eq(episodes.id, episodeId)))
    .for('update')
  if (episode === undefined)
    throw new AppError(
      'not_found',
      'There is no such episode in this project.',
      'List them with: leeway episode list',
      { field: 'body.episode' },
    )
  const open = await tx.execute(sql`select 1 where ${isKept(projectId, sql`${episodeId}::uuid`)}`)
  if (open.rows.length > 0)
    throw new AppError(
      'conflict',
      'An incident of this episode is open already.',
      'Read it in the list of incidents; close it before you report another.',
    )
  return episode
}
