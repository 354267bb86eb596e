/**
 * Requests that admins wrote for an agent, as calls to be put before people: in an order of `seed`, each once, and none that whoever
 * decided last wrote, or knows from the incident that they reported.
 *
 * What an admin wrote has the look of the agent's own calls: it stands where a recorded call of the same tool stood, or behind the
 * words that were written, after what its makers tell the agent; its JSON is spaced as in the call that was decided last.
 */
import type { Json } from '@leeway/core/episodes/episode'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import type { HoldText } from '../holds/hold-text.ts'
import type { CallToPlant, DrawnFor } from './call-to-plant.ts'
import { GATEWAY, originalCalls, WRITINGS } from './original-calls.ts'
import { type Spoken, type WrittenText, writtenSteps } from './written-text.ts'

type Row = {
  id: string
  tool: string
  episode_id: string | null
  ordinal: number | null
  body: string | null
}

export async function* writtenCalls(
  tx: Transaction,
  drawn: DrawnFor,
  seed: number,
): AsyncGenerator<CallToPlant> {
  for (const row of await openRows(tx, drawn, seed)) {
    const { id: writtenId, tool } = row
    const made = { writtenId, operator: 'written', seed, tool }
    if (row.body === null) {
      const call = await fromEpisode(tx, drawn, row)
      if (call !== null) yield { ...call, ...made }
      continue
    }
    const text = JSON.parse(row.body) as WrittenText
    if (text.before.length > 0) yield { ...(await behindWords(tx, drawn, row.id, text)), ...made }
    else
      for await (const original of originalCalls(tx, { ...drawn, seed: String(seed), tool })) {
        const { holdId: originalId, episode, ordinal, write } = original
        const argumentsText = write(text.arguments)
        // What was right there is no fault.
        if (argumentsText === write(episode.steps[ordinal]?.content ?? null)) continue
        yield { ...original, ...made, originalId, argumentsText, steps: episode.steps }
      }
  }
}

async function openRows(
  tx: Transaction,
  { projectId, agentId, actor }: DrawnFor,
  seed: number,
): Promise<readonly Row[]> {
  const { rows } = await tx.execute<Row>(sql`
    select written.id, written.tool, written.episode_id, written.ordinal, texts.body
    from written_requests written
    left join written_request_texts texts on texts.project_id = written.project_id and texts.request_id = written.id
    left join incidents on incidents.project_id = written.project_id and incidents.id = written.incident_id
    where written.project_id = ${projectId} and written.agent_id = ${agentId}
      and written.actor <> ${actor} and incidents.actor is distinct from ${actor}
      and (texts.body is not null or written.episode_id is not null)
      and not exists (select 1 from written_request_ends ended where ended.project_id = written.project_id
        and ended.request_id = written.id)
      and not exists (select 1 from planted_requests planted
        join written_requests other on other.project_id = planted.project_id and other.id = planted.written_id
        where planted.project_id = written.project_id and (other.id = written.id
          or other.episode_id = written.episode_id and other.ordinal = written.ordinal))
    order by md5(${String(seed)} || written.id::text)`)
  return rows
}

type Found = Pick<CallToPlant, 'originalId' | 'place' | 'policyId' | 'argumentsText' | 'steps' | 'ordinal'>

/** Null where the words are gone, or it is not known how calls of the tool look. */
async function fromEpisode(
  tx: Transaction,
  { projectId, agentId, decidedId }: DrawnFor,
  { id: originalId, tool, episode_id: episodeId, ordinal }: Row,
): Promise<Found | null> {
  if (episodeId === null || ordinal === null) return null
  const [stored] = await storedEpisodes(tx, projectId, [episodeId])
  const step = stored?.episode.steps[ordinal]
  if (stored === undefined || step === undefined) return null
  const place = await placeOfTool(tx, { projectId, agentId, tool })
  if (place === null) return null
  const { steps } = stored.episode
  // People see calls alone before one of an MCP server.
  if (place !== GATEWAY && !steps.every(({ kind }) => kind === 'tool_call' || kind === 'tool_result'))
    return null
  const argumentsText = writingOf(await textOf(tx, projectId, decidedId))(step.content)
  return { originalId, place, policyId: null, argumentsText, steps, ordinal }
}

async function behindWords(
  tx: Transaction,
  { projectId, decidedId }: DrawnFor,
  originalId: string,
  text: WrittenText,
): Promise<Found> {
  const decided = await textOf(tx, projectId, decidedId)
  const steps = writtenSteps([...makersWords(decided), ...text.before])
  return {
    originalId,
    place: GATEWAY,
    policyId: null,
    argumentsText: writingOf(decided)(text.arguments),
    steps,
    ordinal: steps.length,
  }
}

/** Where its newest call was to be carried out; null: at an MCP server of which none was held yet. */
async function placeOfTool(
  tx: Transaction,
  {
    projectId,
    agentId,
    tool,
  }: { readonly projectId: string; readonly agentId: string; readonly tool: string },
): Promise<string | null> {
  const { rows } = await tx.execute<{ place: string }>(sql`
    select place from holds where project_id = ${projectId} and agent_id = ${agentId} and tools = array[${tool}]
    order by asked_at desc limit 1`)
  return rows[0]?.place ?? ((await isOfMcpServer(tx, projectId, tool)) ? null : GATEWAY)
}

export async function isOfMcpServer(
  executor: Pick<Transaction, 'execute'>,
  projectId: string,
  tool: string,
): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    select 1 from mcp_servers where project_id = ${projectId} and starts_with(${tool}, name || '/') limit 1`)
  return rows.length > 0
}

/** Null where it is gone. */
async function textOf(tx: Transaction, projectId: string, holdId: string): Promise<HoldText | null> {
  const { rows } = await tx.execute<{ body: string }>(
    sql`select body from hold_texts where project_id = ${projectId} and hold_id = ${holdId}`,
  )
  return rows[0] === undefined ? null : (JSON.parse(rows[0].body) as HoldText)
}

/** What the makers of the agent say at the beginning of a conversation, where the whole of it is shown. */
function makersWords(text: HoldText | null): readonly Spoken[] {
  if (text === null || text.earlier > 0) return []
  const [first] = text.before as readonly { readonly role?: Json; readonly content?: Json }[]
  return first?.role === 'system' && typeof first.content === 'string'
    ? [{ role: 'system', text: first.content }]
    : []
}

/** How the model of these calls writes JSON. */
function writingOf(text: HoldText | null): (content: Json) => string {
  const argumentsText = text?.calls[0]?.argumentsText ?? '{}'
  const [plain] = WRITINGS as readonly [(content: Json) => string]
  try {
    const content = JSON.parse(argumentsText) as Json
    return WRITINGS.find((write) => write(content) === argumentsText) ?? plain
  } catch {
    return plain
  }
}
