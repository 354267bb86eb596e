/** Closes an incident, with a reason. What was decided because of it stays; its episode is kept no longer than others. */
import { and, eq } from 'drizzle-orm'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { incidentEnds, incidents } from './tables.ts'

/** Throws AppError: not_found, or conflict where it is closed. */
export async function closeIncident(
  effects: Effects,
  projectId: string,
  actor: string,
  incidentId: string,
  reason: string,
): Promise<void> {
  await effects.db.transaction(async (tx) => {
    const [incident] = await tx
      .select({ episodeId: incidents.episodeId })
      .from(incidents)
      .where(and(eq(incidents.projectId, projectId), eq(incidents.id, incidentId)))
    if (incident === undefined) throw noIncident()
    const at = effects.now()
    const { seq } = await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'incident.closed',
      body: { incident: incidentId, episode: incident.episodeId },
    })
    const added = await tx
      .insert(incidentEnds)
      .values({ projectId, incidentId, reason, actor, ledgerSeq: seq, at })
      .onConflictDoNothing()
      .returning({ id: incidentEnds.incidentId })
    if (added.length === 0)
      throw new AppError('conflict', 'This incident is closed already.', 'Nothing needs to be done.')
  })
}

export function noIncident(): AppError {
  return new AppError(
    'not_found',
    'There is no such incident in this project.',
    'List them with: leeway incident list',
  )
}
