/**
 * Makes an episode of each conversation that has gone quiet: imported like any other, so that redaction, limits and retention
 * hold for it. What was refused stands in it as it was proposed, with what the model was told.
 */
import type { Json } from '@leeway/core/episodes/episode'
import { openaiChat } from '@leeway/core/episodes/formats/openai-chat'
import { normaliseEpisode } from '@leeway/core/episodes/normalise'
import { sql } from 'drizzle-orm'
import { importEpisodes } from '../episodes/import-service.ts'
import { forgetHolds } from '../holds/forget-holds.ts'
import type { Effects } from '../http/environment.ts'
import { fieldsOf } from './chat-answer.ts'
import { carriedArguments, heldReason } from './holds.ts'
import { assistantMessage, refusedMessages } from './refused-calls.ts'
import { gatewayEpisodes } from './tables.ts'
import type { TurnText } from './turn-record.ts'

/** Nothing came for so long: the conversation is taken for ended. More that comes later is another part. */
export const QUIET_MS = 10 * 60_000
const CONVERSATIONS_AT_ONCE = 200

type Quiet = { project_id: string; agent_id: string; conversation: string }

type Failed = { times: number; againAt: number }
/** Conversations that became no episode, by their key: one after the other is left alone for longer. */
export type FailedConversations = Map<string, Failed>

const FAILED_MAX = 10_000
const AGAIN_MS = 60_000
const AGAIN_MS_MAX = 6 * 3_600_000

/** Answers how many episodes were made. Safe to repeat, and for several processes at once. `failed`: kept from one time to the next. */
export async function assembleEpisodes(
  effects: Effects,
  quietMs = QUIET_MS,
  failed: FailedConversations = new Map(),
): Promise<number> {
  const nowMs = effects.now().getTime()
  const before = new Date(nowMs - quietMs)
  const waiting = [...failed].filter(([, { againAt }]) => againAt > nowMs).map(([key]) => key)
  // What is told of every conversation is much; what is old enough to be over is little, and found by the ids of its turns.
  const quiet = await effects.db.execute<Quiet>(sql`
    select project_id, agent_id, conversation from (
      select turns.project_id, turns.agent_id, turns.conversation, max(turns.ended_at) as ended_at
      from (
        select distinct turns.project_id, turns.agent_id, turns.conversation from projects
        join gateway_texts texts on texts.project_id = projects.id and texts.turn_id < ${firstIdAt(before)}::uuid
        join gateway_turns turns on turns.project_id = texts.project_id and turns.id = texts.turn_id
      ) begun
      join gateway_turns turns using (project_id, agent_id, conversation)
      join gateway_texts texts on texts.project_id = turns.project_id and texts.turn_id = turns.id
      group by 1, 2, 3
    ) told
    where ended_at < ${before.toISOString()}::timestamptz and agent_id::text || ' ' || conversation not in (
      select value from json_array_elements_text(${JSON.stringify(waiting)}::json))
    order by ended_at limit ${CONVERSATIONS_AT_ONCE}`)
  let made = 0
  for (const conversation of quiet.rows) {
    const key = `${conversation.agent_id} ${conversation.conversation}`
    try {
      await assemble(effects, conversation)
      failed.delete(key)
      made += 1
    } catch (error) {
      // Its words stay, and the others go on.
      const times = (failed.get(key)?.times ?? 0) + 1
      const againMs = Math.min(AGAIN_MS * 2 ** (times - 1), AGAIN_MS_MAX)
      failed.delete(key)
      failed.set(key, { times, againAt: nowMs + againMs })
      const oldest = failed.size > FAILED_MAX ? failed.keys().next() : null
      if (oldest !== null && !oldest.done) failed.delete(oldest.value)
      effects.log.error(
        { err: error, conversation: conversation.conversation, againMs },
        'a conversation became no episode',
      )
    }
  }
  return made
}

/** UUIDv7 that stands before all of this millisecond. A turn has its id before it ends. */
function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

type TurnRow = {
  id: string
  began_by: string
  unit_key: string
  started_at: string
  outcome: string
  body: string
}

async function assemble(effects: Effects, place: Quiet): Promise<void> {
  const { project_id: projectId, agent_id: agentId, conversation } = place
  const found = await effects.db.execute<TurnRow>(sql`
    select turns.id, coalesce(decisions->0->>'policyId', policy_id::text) as began_by, unit_key, started_at, outcome, body from gateway_turns turns
    join gateway_texts texts on texts.project_id = turns.project_id and texts.turn_id = turns.id
    where turns.project_id = ${projectId} and turns.agent_id = ${agentId} and conversation = ${conversation}
    order by turns.started_at, turns.id`)
  const turns = found.rows
  const [first] = turns
  const last = turns.at(-1)
  if (first === undefined || last === undefined) return
  const parts = await effects.db.execute<{ part: number }>(sql`
    select count(*)::int as part from gateway_episodes
    where project_id = ${projectId} and agent_id = ${agentId} and conversation = ${conversation}`)
  const part = (parts.rows[0]?.part ?? 0) + 1
  const sourceId = `gateway:${agentId}:${encodeURIComponent(conversation)}${part === 1 ? '' : `#${part}`}`
  const messages = conversationMessages(
    turns.map(({ body, outcome }) => ({ ...(JSON.parse(body) as TurnText), outcome })),
  )
  const [kind, unit] = splitUnit(first.unit_key)
  const [read] = openaiChat.read({
    id: sourceId,
    messages,
    [kind]: unit,
    started_at: new Date(first.started_at).toISOString(),
  })
  const normalised = read?.ok === true ? normaliseEpisode(read.draft) : read
  if (normalised?.ok !== true || !('episode' in normalised))
    throw new Error(`a conversation is no episode: ${JSON.stringify(read).slice(0, 500)}`)
  // Whoever began the conversation answers for it, also for what the baseline did in its place.
  const { refused, problems } = await importEpisodes(effects, {
    projectId,
    actor: 'system:gateway',
    fileName: sourceId,
    policyId: first.began_by,
    source: { episodes: [normalised.episode] },
  })
  if (refused > 0) throw new Error(`a conversation was refused as an episode: ${problems[0]?.reason}`)
  const turnIds = `{${turns.map(({ id }) => id).join(',')}}`
  await effects.db.transaction(async (tx) => {
    await tx
      .insert(gatewayEpisodes)
      .values({
        projectId,
        agentId,
        conversation,
        part,
        sourceId,
        lastTurnId: last.id,
        turns: turns.length,
        at: effects.now(),
      })
      .onConflictDoNothing()
    await tx.execute(sql`
      delete from gateway_texts where project_id = ${projectId}
        and turn_id = any(${turnIds}::uuid[])`)
    await forgetHolds(tx, projectId, turnIds)
  })
}

/** What was said, in order: what the client sent anew, and every answer, also those that it never saw. */
export function conversationMessages(
  turns: readonly (TurnText & { readonly outcome: string })[],
): readonly Json[] {
  const said: Json[] = []
  /** Messages of the client's own history that are in `said`. */
  let known = 0
  for (const { from, messages, rounds, outcome } of turns) {
    if (from === null) said.push(...messages)
    else {
      const fresh = messages.slice(Math.max(0, known - from))
      // Our own last answer comes back as history.
      const own = known > 0 && fieldsOf(fresh[0])?.role === 'assistant' ? 1 : 0
      said.push(...fresh.slice(own))
      known = Math.max(known, from + messages.length)
    }
    for (const [at, { answer, decisions, hold }] of rounds.entries()) {
      if (answer === null) continue
      if (outcome === 'release' && at === rounds.length - 1)
        said.push(assistantMessage(answer, answer.choices[0]?.index ?? 0, carriedArguments(decisions, hold)))
      else said.push(...refusedMessages(answer, decisions, hold === null ? null : heldReason(hold)))
    }
  }
  return said
}

function splitUnit(unitKey: string): readonly ['user' | 'session', string] {
  return unitKey.startsWith('user:')
    ? ['user', unitKey.slice('user:'.length)]
    : ['session', unitKey.slice('session:'.length)]
}
