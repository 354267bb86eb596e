/** Says that a rater may not judge an agent, or may again. A new row; what the rater was at goes back to the others. */
import { and, eq, sql } from 'drizzle-orm'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { agents } from '../projects/tables.ts'
import { findRater, type RaterRow } from './stored-raters.ts'
import { raterConflicts } from './tables.ts'

export async function setConflict(
  effects: Effects,
  wanted: {
    readonly projectId: string
    readonly raterId: string
    readonly agent: string
    readonly excluded: boolean
    readonly reason: string
    readonly actor: string
  },
): Promise<RaterRow> {
  return effects.db.transaction(async (tx) => {
    const { projectId, raterId, excluded, reason, actor } = wanted
    const rater = await findRater(tx, projectId, raterId)
    if (rater === undefined)
      throw new AppError(
        'not_found',
        'There is no such rater in this project.',
        'List the raters to find it.',
      )
    if (rater.kind !== 'human')
      throw new AppError(
        'unprocessable',
        `"${rater.name}" is a ${rater.kind}: conflicts are for people.`,
        'Leave a model or program out of the runs where it should not judge.',
        { field: 'rater' },
      )
    const [agent] = await tx
      .select({ id: agents.id })
      .from(agents)
      .where(and(eq(agents.projectId, projectId), eq(agents.name, wanted.agent)))
    if (agent === undefined)
      throw new AppError(
        'unprocessable',
        `There is no agent "${wanted.agent}" in this project.`,
        'Name one that has episodes here.',
        { field: 'body.agent' },
      )
    const at = effects.now()
    await tx
      .insert(raterConflicts)
      .values({ projectId, raterId, agentId: agent.id, id: effects.newId(), excluded, reason, actor, at })
    if (excluded)
      await tx.execute(sql`
        delete from reservations using assignments, episodes
        where reservations.project_id = ${projectId} and reservations.rater_id = ${raterId}
          and assignments.project_id = ${projectId} and assignments.id = reservations.assignment_id
          and episodes.project_id = ${projectId} and episodes.id = assignments.episode_id
          and episodes.agent_id = ${agent.id}`)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'rater.conflict_set',
      body: { rater: raterId, agent: agent.id, excluded },
    })
    return rater
  })
}
