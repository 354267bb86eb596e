/**
 * Held calls of an agent that a person approved and that were carried out, as their episodes have them: what a copy with a fault is
 * made of. The words of the holds themselves are gone by then. What people see before a call of an MCP server is calls alone, so such
 * a call is taken only from a conversation that holds nothing else.
 */
import type { Episode, Json } from '@leeway/core/episodes/episode'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { carriedSha256 } from '../holds/binding.ts'

export type OriginalCall = {
  readonly holdId: string
  /** Where it was to be carried out, as its hold says. */
  readonly place: string
  readonly policyId: string
  readonly tool: string
  readonly episode: Episode
  /** Of the call in the episode. */
  readonly ordinal: number
  /** Writes arguments as the model wrote these. */
  readonly write: (content: Json) => string
}

/** Of a hold whose call the agent's program carries out. */
export const GATEWAY = 'gateway'

/** An episode is read for each that is tried. */
const TRIED_MAX = 20

/**
 * In an order of `seed`, those first that others than `actor` decided: what one has decided oneself, one may know again. What only
 * reads is left out, as the list shows it with others of its kind. So is what was redacted: nobody sees that in a call that waits.
 */
export async function* originalCalls(
  executor: Executor,
  {
    projectId,
    agentId,
    actor,
    seed,
    tool: wanted,
  }: {
    readonly projectId: string
    readonly agentId: string
    readonly actor: string
    readonly seed: string
    /** Left out: any. */
    readonly tool?: string
  },
): AsyncGenerator<OriginalCall> {
  const { rows } = await executor.execute<{
    hold_id: string
    place: string
    policy_id: string
    tool: string
    sha256: string
    episode_id: string
  }>(sql`
    select holds.id as hold_id, holds.place, holds.policy_id, holds.tools[1] as tool, answers.arguments_sha256 as sha256,
      episodes.id as episode_id
    from holds
    join hold_answers answers on answers.project_id = holds.project_id and answers.hold_id = holds.id
      and answers.kind = 'approved'
    join hold_uses on hold_uses.project_id = holds.project_id and hold_uses.hold_id = holds.id
    join gateway_episodes made on made.project_id = holds.project_id and made.agent_id = holds.agent_id
      and made.conversation = holds.conversation
    join episodes on episodes.project_id = holds.project_id and episodes.source_id = made.source_id
      and episodes.redaction_count = 0
    where holds.project_id = ${projectId} and holds.agent_id = ${agentId}
      and cardinality(holds.tools) = 1 and ${wanted === undefined ? sql`true` : sql`holds.tools[1] = ${wanted}`} and holds.stakes <> 'read'
      and not exists (select 1 from planted_requests planted where planted.project_id = holds.project_id
        and holds.id in (planted.original_id, planted.hold_id))
    order by answers.actor = ${actor}, md5(${seed} || holds.id::text) limit ${TRIED_MAX}`)
  for (const { hold_id: holdId, place, policy_id: policyId, tool, sha256, episode_id: episodeId } of rows) {
    const [stored] = await storedEpisodes(executor, projectId, [episodeId])
    if (stored === undefined) continue
    const { episode } = stored
    if (
      place !== GATEWAY &&
      !episode.steps.every(({ kind }) => kind === 'tool_call' || kind === 'tool_result')
    )
      continue
    for (const { ordinal, kind, name, content } of episode.steps) {
      if (kind !== 'tool_call' || name !== tool) continue
      const write = WRITINGS.find((one) => carriedSha256([one(content)]) === sha256)
      if (write === undefined) continue
      yield { holdId, place, policyId, tool, episode, ordinal, write }
      break
    }
  }
}

/** The ways in which models write JSON. Which one it was tells the hash of what was approved. */
export const WRITINGS: readonly ((content: Json) => string)[] = [
  (content) => (typeof content === 'string' ? content : JSON.stringify(content)),
  spaced,
  (content) => JSON.stringify(content, null, 2),
]

function spaced(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`)
  return `{${members.join(', ')}}`
}
