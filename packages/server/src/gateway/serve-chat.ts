/**
 * One chat completion: who serves it, what becomes of its calls, and what is written down before the client sees the end.
 *
 * A refused answer is given back to its model with the reasons, and the model answers again. What the candidate may not do, the
 * baseline does in its place, and serves the rest of the conversation. Whatever was decided when the answer came is decided
 * again with what holds at the moment of its release: a halt in between is obeyed.
 */
import { decideCalls, type ResponseDecision } from '@leeway/core/autonomy/decide-calls'
import type { Json } from '@leeway/core/episodes/episode'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Effects } from '../http/environment.ts'
import { askModel, type ModelReply } from './ask-model.ts'
import { agentKey, type ServedAgent, type Serving } from './bundle.ts'
import type { Upstreams } from './call-upstream.ts'
import { changedBody, changedEnd, spokenBody, spokenEnd } from './changed-answer.ts'
import type { ChatAnswer } from './chat-answer.ts'
import type { ChatClient } from './chat-client.ts'
import { type ChatRequest, stepsIn } from './chat-request.ts'
import { type Conversation, type Conversations, markRecorded, newMessages } from './conversations.ts'
import type { Enforced } from './enforced.ts'
import { afterHold, carriedArguments, type HoldAnswer, type Holds, heldReason } from './holds.ts'
import { GatewayRefusal } from './openai-error.ts'
import { assistantMessage, refusedMessages } from './refused-calls.ts'
import { setMembers } from './set-members.ts'
import type { Round, TurnOutcome, TurnRecord } from './turn-record.ts'

export type ChatParts = {
  readonly effects: Effects
  readonly enforced: Enforced
  /** Draws who serves a unit of a release, and writes the draw down. */
  readonly drawRole: (projectId: string, releaseId: string, unit: string) => Promise<'baseline' | 'candidate'>
  readonly upstreams: Upstreams
  /** Resolves when it is on disk. */
  readonly record: (turn: TurnRecord) => Promise<void>
  readonly conversations: Conversations
  readonly holds: Holds
}

type Answered = Extract<ModelReply, { readonly kind: 'answered' }>

/** What is known of one request while it is served. */
type Turn = {
  readonly id: string
  readonly agent: ServedAgent
  readonly chat: ChatRequest
  readonly client: ChatClient
  readonly conversation: Conversation
  readonly unitKey: string
  readonly startedAt: Date
  /** The request's and, after refusals, what the model was told. */
  messages: readonly Json[]
  readonly rounds: Round[]
  isRecorded: boolean
}

/** Never rejects: what goes wrong is told to the client. */
export async function serveChat(
  parts: ChatParts,
  agent: ServedAgent,
  chat: ChatRequest,
  conversation: Conversation,
  { turnId, client }: { readonly turnId: string; readonly client: ChatClient },
): Promise<void> {
  const turn: Turn = {
    id: turnId,
    agent,
    chat,
    client,
    conversation,
    unitKey: chat.user === null ? `session:${conversation.id}` : `user:${chat.user}`,
    startedAt: parts.effects.now(),
    messages: chat.history.messages,
    rounds: [],
    isRecorded: false,
  }
  try {
    await serve(parts, turn)
  } catch (error) {
    await fail(parts, turn, error)
  }
}

async function serve(parts: ChatParts, turn: Turn): Promise<void> {
  const { conversation, chat } = turn
  conversation.steps = Math.max(conversation.steps, stepsIn(chat.history.messages))
  if (conversation.stopped) throw stoppedRefusal()
  for (;;) {
    const { serving, role } = await whoServes(parts, turn)
    const body = setMembers(chat.text, {
      ...serving.set,
      model: serving.model,
      ...(turn.messages === chat.history.messages ? {} : { messages: turn.messages }),
    })
    const reply = await askModel(
      parts.upstreams,
      serving,
      { body, streams: chat.stream, model: chat.agent },
      turn.client,
    )
    const round = { policyId: serving.policyId, role, status: reply.status }
    if (reply.kind === 'failed') {
      turn.rounds.push({ ...round, answer: null, outcome: null, decisions: [], hold: null })
      await record(parts, turn, 'failed')
      turn.client.relay(reply.status, reply.headers, reply.body)
      return
    }
    const decided = decide(parts, turn, reply, role)
    const decision = { ...round, answer: reply.answer, outcome: decided.outcome, decisions: decided.calls }
    // A client that leaves while people think leaves a record of what was proposed.
    turn.rounds.push({ ...decision, hold: null })
    const hold = decided.outcome === 'hold' ? await askPeople(parts, turn, reply, decided) : null
    turn.rounds[turn.rounds.length - 1] = { ...decision, hold }
    // While somebody thought about it, what holds may have changed.
    const standing = hold === null ? decided : againAfterHold(parts, turn, reply, role, decided, hold)
    if (await settle(parts, turn, reply, { decided: standing, hold })) return
  }
}

/** True when the client has its answer; false: another round. */
async function settle(
  parts: ChatParts,
  turn: Turn,
  reply: Answered,
  { decided, hold }: { readonly decided: ResponseDecision; readonly hold: HoldAnswer | null },
): Promise<boolean> {
  const { conversation } = turn
  if (decided.outcome === 'replace') {
    conversation.role = { kind: 'baseline', policyId: turn.agent.contract.baseline.policyId }
    turn.messages = turn.chat.history.messages
    return false
  }
  if (decided.outcome === 'stop' || hold?.kind === 'stopped') {
    await stop(
      parts,
      turn,
      reply,
      hold?.kind === 'stopped' ? hold.reason : 'Too many calls were not allowed.',
    )
    return true
  }
  const approved = hold?.kind === 'approved' || hold?.kind === 'edited'
  if (decided.outcome === 'deny' || (decided.outcome === 'hold' && !approved)) {
    conversation.denials += 1
    // Asking people the same thing again and again is no way around them.
    if (hold !== null && conversation.denials > turn.agent.contract.limits.denialsMax) {
      await stop(parts, turn, reply, 'Too many calls were not allowed.')
      return true
    }
    const why = hold === null ? null : heldReason(hold)
    turn.messages = [...turn.messages, ...refusedMessages(reply.answer, decided.calls, why)]
    return false
  }
  await release(parts, turn, reply, carriedArguments(decided.calls, hold))
  return true
}

async function release(
  parts: ChatParts,
  turn: Turn,
  reply: Answered,
  changed: readonly (string | null)[],
): Promise<void> {
  const { answer, held, envelope } = reply
  const { chat, conversation, client } = turn
  const isChanged = changed.some((one) => one !== null)
  conversation.steps += answer.calls.length + (answer.choices.some(({ text }) => text !== '') ? 1 : 0)
  await record(parts, turn, 'release')
  parts.conversations.answered(
    placeOf(turn),
    conversation,
    heardMessage(turn, assistantMessage(answer, answer.choices[0]?.index ?? 0, changed)),
  )
  if (!isChanged) client.finish(held)
  else if (envelope === null) client.finish(changedBody(held.toString('utf8'), answer, changed))
  else client.finish(changedEnd(envelope, answer, changed, chat.includesUsage))
}

async function stop(parts: ChatParts, turn: Turn, reply: Answered, why: string): Promise<void> {
  const { chat, client } = turn
  const text = `This conversation was stopped. ${why}`
  turn.conversation.stopped = true
  await record(parts, turn, 'stop')
  // Whoever goes on with this in its history goes on with a conversation that is over.
  parts.conversations.answered(
    placeOf(turn),
    turn.conversation,
    heardMessage(turn, { role: 'assistant', content: text }, reply),
  )
  client.finish(
    reply.envelope === null
      ? spokenBody(reply.held.toString('utf8'), text)
      : spokenEnd(reply.envelope, reply.answer, text, chat.includesUsage),
  )
}

/** The role is drawn once a conversation, kept, and given up for the baseline's when the candidate may not go on. */
async function whoServes(
  parts: ChatParts,
  turn: Turn,
): Promise<{ readonly serving: Serving; readonly role: 'baseline' | 'candidate' }> {
  const { conversation, unitKey } = turn
  const agent = agentNow(parts, turn)
  const { baseline, candidate, contract } = agent
  const own = { kind: 'baseline', policyId: contract.baseline.policyId } as const
  if (conversation.role === null) {
    const policyId = contract.candidate?.policyId ?? ''
    const { releaseId } = contract.evidence
    const drawn =
      releaseId !== null && mayAct(parts, agent, policyId)
        ? await parts
            .drawRole(agent.projectId, releaseId, unitKey)
            // Not written down, it is no evidence, and whoever is trusted serves.
            .catch(() => 'baseline' as const)
        : 'baseline'
    conversation.role = drawn === 'candidate' ? { kind: drawn, policyId } : own
  }
  const { kind, policyId } = conversation.role
  const horizon = contract.candidate?.horizonSteps ?? 0
  if (
    kind === 'candidate' &&
    candidate !== null &&
    mayAct(parts, agent, policyId) &&
    conversation.steps < horizon
  )
    return { serving: candidate, role: 'candidate' }
  conversation.role = own
  return { serving: baseline, role: 'baseline' }
}

/** Whether this policy may act as a candidate at this moment: asked before it is called, and again before it acts. */
function mayAct(parts: ChatParts, { candidate, contract }: ServedAgent, policyId: string): boolean {
  return (
    candidate?.policyId === policyId &&
    contract.candidate?.policyId === policyId &&
    contract.candidate.autonomy === 'act' &&
    !parts.enforced().outOfTouch &&
    parts.effects.now().getTime() < Date.parse(contract.expiresAt)
  )
}

function decide(parts: ChatParts, turn: Turn, reply: Answered, role: Round['role']): ResponseDecision {
  const { answer } = reply
  if (answer.calls.length === 0) return { outcome: 'release', calls: [] }
  const uniforms = answer.calls.map(() => uniformDraw(parts.effects))
  return decideWith(parts, turn, answer, role, uniforms)
}

function decideWith(
  parts: ChatParts,
  turn: Turn,
  answer: ChatAnswer,
  role: Round['role'],
  uniforms: readonly number[],
): ResponseDecision {
  const agent = agentNow(parts, turn)
  const { contract } = agent
  const replaced = role === 'candidate' && !mayAct(parts, agent, turn.conversation.role?.policyId ?? '')
  const decided = decideCalls(
    contract,
    answer.calls.map(({ tool, argumentsText }) => ({ tool, argumentsText })),
    {
      role: replaced ? 'baseline' : role,
      steps: turn.conversation.steps + answer.calls.length,
      denials: turn.conversation.denials,
      now: parts.effects.now(),
      outOfTouch: parts.enforced().outOfTouch,
      uniforms,
    },
  )
  // Halted or rolled back while it answered.
  return replaced ? { ...decided, outcome: 'replace' } : decided
}

function againAfterHold(
  parts: ChatParts,
  turn: Turn,
  { answer }: Answered,
  role: Round['role'],
  before: ResponseDecision,
  hold: HoldAnswer,
): ResponseDecision {
  const proposed = answer.calls.map(({ argumentsText }) => argumentsText)
  return afterHold(before, hold, proposed, (argumentsTexts) => {
    const calls = answer.calls.map((call, index) => ({
      ...call,
      argumentsText: argumentsTexts[index] ?? call.argumentsText,
    }))
    return decideWith(
      parts,
      turn,
      { ...answer, calls },
      role,
      calls.map(() => 0),
    )
  })
}

async function askPeople(
  { holds, effects: { log } }: ChatParts,
  { id, agent, conversation, client, messages }: Turn,
  { answer }: Answered,
  { calls }: ResponseDecision,
): Promise<HoldAnswer> {
  const { contract, projectId, agentId } = agent
  try {
    return await holds.ask(
      {
        projectId,
        agentId,
        policyId: conversation.role?.policyId ?? contract.baseline.policyId,
        place: 'gateway',
        turnId: id,
        conversation: conversation.id,
        contractVersion: contract.version,
        calls: answer.calls.flatMap((call, index) => {
          const decision = calls[index]
          return decision === undefined ? [] : [{ call, decision }]
        }),
        messages: [...messages, assistantMessage({ ...answer, calls: [] }, answer.choices[0]?.index ?? 0)],
        holdSeconds: contract.limits.holdSeconds,
        holdsMax: contract.limits.holdsMax,
      },
      client.gone(),
    )
  } catch (error) {
    if (client.isGone()) throw error
    log.warn({ err: error, turn: id }, 'nobody could be asked about a call')
    return { kind: 'unanswered' }
  }
}

/** As it is enforced now; as it was when the turn began where it is not served any more. */
function agentNow(parts: ChatParts, { agent }: Turn): ServedAgent {
  return (
    parts.enforced().bundle.agents.get(agentKey(agent.projectId, agent.name)) ?? { ...agent, candidate: null }
  )
}

async function fail(parts: ChatParts, turn: Turn, error: unknown): Promise<void> {
  const { client } = turn
  const refusal =
    error instanceof GatewayRefusal
      ? error
      : new GatewayRefusal(500, 'internal', 'The gateway failed.', { cause: error })
  if (!(error instanceof GatewayRefusal) && !client.isGone())
    parts.effects.log.error({ err: error, turn: turn.id }, 'a turn of the gateway failed')
  try {
    if (!turn.isRecorded) await record(parts, turn, client.isGone() ? 'aborted' : 'failed')
  } catch {
    // What cannot be written down cannot be answered either; the client is told so below.
  }
  if (!client.isGone()) client.refuse(refusal)
}

async function record(parts: ChatParts, turn: Turn, outcome: TurnOutcome): Promise<void> {
  const { agent, conversation, chat, rounds } = turn
  const fresh = newMessages(conversation, chat.history)
  const last = rounds.at(-1)
  const entry: TurnRecord = {
    id: turn.id,
    projectId: agent.projectId,
    agentId: agent.agentId,
    agent: agent.name,
    policyId: last?.policyId ?? conversation.role?.policyId ?? agent.contract.baseline.policyId,
    role: last?.role ?? conversation.role?.kind ?? 'baseline',
    conversation: conversation.id,
    unitKey: turn.unitKey,
    contractVersion: agentNow(parts, turn).contract.version,
    outcome,
    startedAt: turn.startedAt.toISOString(),
    endedAt: parts.effects.now().toISOString(),
    from: fresh.from,
    messages: fresh.messages,
    rounds,
  }
  try {
    await parts.record(entry)
    turn.isRecorded = true
  } catch (error) {
    throw new GatewayRefusal(
      503,
      'not_recorded',
      'What happens here cannot be written down at present, so nothing is answered.',
      {
        retryAfterSeconds: 5,
        cause: error,
      },
    )
  }
  markRecorded(conversation, chat.history)
}

/** What the client has heard in this turn: of a stream also what was said before calls that it never saw. */
function heardMessage({ chat, rounds }: Turn, last: Json, stopped?: Answered): Json {
  if (!chat.stream) return last
  const spoken = rounds.slice(0, -1).map(({ answer }) => firstText(answer))
  if (stopped !== undefined) spoken.push(firstText(stopped.answer))
  const { content, ...message } = last as { readonly content: string | null }
  const text = [...spoken, content ?? ''].join('')
  return { ...message, content: text === '' ? content : text }
}

const firstText = (answer: ChatAnswer | null) => answer?.choices[0]?.text ?? ''

const placeOf = ({ agent, chat }: Turn) => ({
  agentKey: agentKey(agent.projectId, agent.name),
  named: chat.conversation,
  history: chat.history,
})

function stoppedRefusal(): GatewayRefusal {
  return new GatewayRefusal(403, 'conversation_stopped', 'This conversation was stopped. Begin another one.')
}
