/**
 * Keeps a request for planting: one that an admin writes, or the call of an incident. It is planted once, where the draw after a decision
 * says so, in the place of a copy.
 */
import type { PlantIncident, WriteRequest } from '@leeway/contract/planted-requests'
import type { Json } from '@leeway/core/episodes/episode'
import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { requireAgent } from '../contracts/contract-terms.ts'
import { contractOf, findContract } from '../contracts/stored-contracts.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { heldToday } from './held-today.ts'
import { incidentCalls } from './incident-calls.ts'
import { writtenRequestEnds, writtenRequests, writtenRequestTexts } from './tables.ts'
import { isOfMcpServer } from './written-calls.ts'
import type { WrittenText } from './written-text.ts'

type By = { readonly projectId: string; readonly actor: string }

/** Throws AppError not_found, unprocessable: what would come before nobody is not kept. */
export async function writeRequest(
  { db, newId, now }: Pick<Effects, 'db' | 'newId' | 'now'>,
  { projectId, actor }: By,
  wanted: z.output<typeof WriteRequest>,
): Promise<void> {
  const { tool, reason, before } = wanted
  await db.transaction(async (tx) => {
    const agent = await requireAgent(tx, projectId, wanted.agent)
    const issued = await findContract(tx, projectId, agent.id)
    const argumentsText = JSON.stringify(wanted.arguments)
    if (issued === undefined || heldToday(contractOf(issued), { tool, argumentsText }, now()) === null)
      throw new AppError(
        'unprocessable',
        'The contract would not have a person decide about this call.',
        'Name a tool that does more than read, with arguments that the contract allows, of which some or all calls are held.',
        { field: 'body.tool' },
      )
    if (before.length > 0 && (await isOfMcpServer(tx, projectId, tool)))
      throw new AppError(
        'unprocessable',
        'Before a call of an MCP server people see calls alone, no words.',
        'Leave "before" out: it stands where a recorded call of the same tool stood.',
        { field: 'body.before' },
      )
    const id = newId()
    const text: WrittenText = { arguments: wanted.arguments as Json, before }
    await tx.insert(writtenRequests).values({
      ...{ projectId, id, agentId: agent.id, tool, reason, actor, at: now() },
      ...{ incidentId: null, episodeId: null, ordinal: null },
    })
    await tx.insert(writtenRequestTexts).values({ projectId, requestId: id, body: JSON.stringify(text) })
  })
}

/** The words stay in the episode: what is erased there is planted no more. Throws AppError not_found, conflict, unprocessable. */
export async function plantIncident(
  effects: Pick<Effects, 'db' | 'newId' | 'now'>,
  { projectId, actor }: By,
  incidentId: string,
  { step, reason }: z.output<typeof PlantIncident>,
): Promise<void> {
  const { newId, now } = effects
  await effects.db.transaction(async (tx) => {
    const { agentId, episodeId, calls } = await incidentCalls(tx, projectId, incidentId, now())
    const call = calls.find((one) => one.step === step)
    if (call === undefined)
      throw new AppError(
        'unprocessable',
        `Step ${step} of its episode is no call.`,
        'Name one of the steps that are listed: GET …/incidents/{incident}/planted-request.',
        { field: 'body.step' },
      )
    if (call.cannot !== null)
      throw new AppError('unprocessable', call.cannot, 'Name another step, or write a request like it.', {
        field: 'body.step',
      })
    // That another admin did the same is told to nobody: they would know it when it comes.
    const own = await tx
      .select({ id: writtenRequests.id })
      .from(writtenRequests)
      .leftJoin(
        writtenRequestEnds,
        and(
          eq(writtenRequestEnds.projectId, projectId),
          eq(writtenRequestEnds.requestId, writtenRequests.id),
        ),
      )
      .where(
        and(
          eq(writtenRequests.projectId, projectId),
          eq(writtenRequests.incidentId, incidentId),
          eq(writtenRequests.ordinal, step),
          eq(writtenRequests.actor, actor),
          isNull(writtenRequestEnds.requestId),
        ),
      )
    if (own.length > 0)
      throw new AppError('conflict', 'You have planted this call.', 'It is on the page Planted faults.')
    const { tool } = call
    await tx.insert(writtenRequests).values({
      projectId,
      id: newId(),
      agentId,
      tool,
      reason,
      incidentId,
      episodeId,
      ordinal: step,
      actor,
      at: now(),
    })
  })
}

/** The same again changes nothing. Throws AppError not_found where one did not write it oneself. */
export async function withdrawRequest(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { projectId, actor }: By,
  requestId: string,
): Promise<void> {
  const [own] = await db
    .select({ id: writtenRequests.id })
    .from(writtenRequests)
    .where(
      and(
        eq(writtenRequests.projectId, projectId),
        eq(writtenRequests.id, requestId),
        eq(writtenRequests.actor, actor),
      ),
    )
  if (own === undefined)
    throw new AppError(
      'not_found',
      'You have written no such request.',
      'List yours: GET …/planted-requests/written.',
    )
  await db.insert(writtenRequestEnds).values({ projectId, requestId, actor, at: now() }).onConflictDoNothing()
}
