/** The conversation of a request, also where another process served it, or this one has forgotten it. */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import {
  type Conversation,
  type ConversationPlace,
  type Conversations,
  heardDigest,
  STEPS_A_CALL,
  type WrittenConversation,
} from './conversations.ts'
import type { Enforced } from './enforced.ts'
import { divergenceOf, type ScoredAnswers, scoredAnswers } from './read-divergence.ts'

/** Of an agent, in its project. */
type Owner = { readonly projectId: string; readonly agentId: string }

/** Longer than this nobody waits: a database that is away must not hold up those whom the contract lets pass without it. */
const READ_MS_MAX = 1_000

export async function findConversation(
  parts: { readonly effects: Effects; readonly conversations: Conversations; readonly enforced: Enforced },
  owner: Owner,
  place: ConversationPlace,
): Promise<Conversation> {
  const { effects, conversations, enforced } = parts
  const known = conversations.find(place)
  if (known !== null) return known
  return conversations.recall(place, enforced().outOfTouch ? null : await readWritten(effects, owner, place))
}

/**
 * Null when nothing is written down, or the database does not answer. What another process answered last may not be shipped
 * yet: then an unnamed conversation begins anew, and a named one as this process knows it.
 */
async function readWritten(
  { db, log }: Pick<Effects, 'db' | 'log'>,
  { projectId, agentId }: Owner,
  { named, history }: ConversationPlace,
): Promise<WrittenConversation | null> {
  const name =
    named === null
      ? sql`(select conversation from gateway_turns where project_id = ${projectId} and agent_id = ${agentId}
          and heard = ${heardDigest(history)} limit 1)`
      : sql`${named}`
  const asked = db
    .execute<WrittenRow>(sql`
      select conversation, bool_or(outcome = 'stop') as stopped,
        coalesce(sum((select count(*) from jsonb_array_elements(decisions) round where (round->>'denied')::boolean)), 0)::int as denials,
        coalesce(max((decisions->-1->>'steps')::int), 0) as steps,
        (${STEPS_A_CALL} * count(*) filter (where outcome = 'release' and not ${ANSWERED} and decisions <> '[]'::jsonb))::int as carried,
        (array_agg(role order by started_at desc, id desc) filter (where ${ANSWERED}))[1] as role,
        (array_agg(policy_id order by started_at desc, id desc) filter (where ${ANSWERED}))[1] as policy_id,
        ${scoredAnswers({ projectId, agentId, conversation: sql`gateway_turns.conversation` })} as answers
      from gateway_turns where project_id = ${projectId} and agent_id = ${agentId} and conversation = ${name}
      group by conversation`)
    .catch((error: unknown) => {
      log.warn({ err: error }, 'what is written down of a conversation could not be read')
      return null
    })
  const found = await Promise.race([asked, pause(READ_MS_MAX, null, { ref: false })])
  const row = found?.rows[0]
  if (row === undefined) return null
  const { conversation: id, stopped, denials, steps, carried, role, policy_id: policyId, answers } = row
  return {
    id,
    stopped,
    denials,
    steps,
    carried,
    divergence: divergenceOf(answers),
    role: role === null || policyId === null ? null : { kind: role, policyId },
  }
}

/**
 * By a model that was served here: it says who it is. A call of an MCP server has no status, and is written down as the baseline's
 * also where nobody knew.
 */
const ANSWERED = sql`coalesce(decisions->-1->>'status' is not null, false)`

type WrittenRow = {
  conversation: string
  stopped: boolean
  denials: number
  steps: number
  carried: number
  role: 'baseline' | 'candidate' | null
  policy_id: string | null
  answers: ScoredAnswers
}
