/**
 * One request in either protocol: who serves it, what becomes of its calls, and what is written down before the client sees the end.
 *
 * A refused answer is given back to its model with the reasons, and the model answers again. What the candidate may not do, the
 * baseline does in its place, and serves the rest of the conversation. Whatever was decided when the answer came is decided
 * again with what holds at the moment of its release: a halt in between is obeyed.
 */
import { termsOf } from '@leeway/core/autonomy/contract'
import type { ResponseDecision } from '@leeway/core/autonomy/decide-calls'
import type { Json } from '@leeway/core/episodes/episode'
import type { ModelReply } from './ask-model.ts'
import { askForAnswer, plus } from './best-of.ts'
import { agentKey, type ServedAgent, type Serving } from './bundle.ts'
import type { ChatAnswer } from './chat-answer.ts'
import type { ChatClient } from './chat-client.ts'
import { stepsIn } from './chat-request.ts'
import { type Conversation, heardAfter, heardDigest, markRecorded, newMessages } from './conversations.ts'
import { carriedArguments, type HoldAnswer, heldReason } from './holds.ts'
import { GatewayRefusal } from './openai-error.ts'
import { neverCalled } from './patient-upstreams.ts'
import { assistantMessage, refusedMessages } from './refused-calls.ts'
import { usdOf } from './spend.ts'
import { tellWhoServes } from './tell-who-serves.ts'
import { agentNow, type Turn, type TurnParts } from './turn.ts'
import { againAfterHold, decide, mayCost, mayUseHosted, whoServes } from './turn-decisions.ts'
import type { Round, TurnOutcome, TurnRecord } from './turn-record.ts'
import type { Protocol, TurnRequest } from './turn-request.ts'

type Answered = Extract<ModelReply, { readonly kind: 'answered' }>

/** Never rejects: what goes wrong is told to the client. */
export async function serveTurn(
  parts: TurnParts,
  agent: ServedAgent,
  request: TurnRequest,
  conversation: Conversation,
  {
    turnId,
    client,
    protocol,
    bestOf,
    traceparent,
  }: {
    readonly turnId: string
    readonly client: ChatClient
    readonly protocol: Protocol
    readonly bestOf: number
    readonly traceparent: string | undefined
  },
): Promise<void> {
  const turn: Turn = {
    id: turnId,
    agent,
    request,
    answers: request.answers(conversation.id),
    client,
    conversation,
    unitKey: request.user === null ? `session:${conversation.id}` : `user:${request.user}`,
    isFirst: conversation.steps === 0 && !request.continues && heardDigest(request.history) === null,
    bestOf,
    startedAt: parts.effects.now(),
    traceparent,
    told: [],
    rounds: [],
    toScore: [],
    isRecorded: false,
    usd: null,
    underWayUsd: null,
  }
  try {
    await serve(parts, turn, protocol)
  } catch (error) {
    await fail(parts, turn, error)
  }
  parts.shadow(turn, protocol.path)
}

async function serve(parts: TurnParts, turn: Turn, { path }: Protocol): Promise<void> {
  const { conversation, request } = turn
  const steps = stepsIn(request.history.messages)
  conversation.steps = request.continues ? conversation.steps + steps : Math.max(conversation.steps, steps)
  if (conversation.stopped) throw stoppedRefusal()
  for (;;) {
    const { serving, role, gaveWay } = await whoServes(parts, turn)
    const hosted = request.hosted(serving)
    if (!mayUseHosted(parts, turn, hosted, role)) continue
    if (!(await mayCost(parts, turn, serving, role))) continue
    const body = request.forModel(serving, turn.told)
    const once = hosted.some(({ tool }) => termsOf(turn.agent.contract, tool)?.stakes !== 'read')
    const asked = { path, body, streams: request.stream, answers: turn.answers, once }
    const leastUsd = usdOf(serving, body, null)
    tellWhoServes(turn, serving)
    turn.underWayUsd = leastUsd === null ? null : leastUsd * turn.bestOf
    const { reply, usd, bestOf } = await askForAnswer(parts, turn, serving, asked)
    turn.underWayUsd = null
    turn.usd = plus(turn.usd, usd)
    const by = { policyId: serving.policyId, role, status: reply.status }
    const besides = gaveWay === undefined && bestOf === undefined ? null : { gaveWay, bestOf }
    if (reply.kind === 'failed') {
      turn.rounds.push(roundOf(by, null, UNDECIDED, besides))
      await record(parts, turn, 'failed')
      turn.client.relay(reply.status, reply.headers, reply.body)
      return
    }
    if (role === 'candidate') keepToScore(turn, serving, { path, asked: body, answer: reply.answer })
    const decided = decide(parts, turn, reply.answer, role)
    const round = roundOf(by, reply.answer, decided, besides)
    // A client that leaves while people think leaves a record of what was proposed.
    turn.rounds.push(round)
    const hold = decided.outcome === 'hold' ? await askPeople(parts, turn, reply, decided) : null
    if (hold !== null) turn.rounds[turn.rounds.length - 1] = { ...round, hold }
    // While somebody thought about it, what holds may have changed.
    const standing = hold === null ? decided : againAfterHold(parts, turn, reply.answer, role, decided, hold)
    if (await settle(parts, turn, reply, { decided: standing, hold })) return
  }
}

const UNDECIDED = { outcome: null, calls: [] }

/** Before anybody was asked. Member by member: to copy objects member by member takes this place longer than to decide. */
function roundOf(
  { policyId, role, status }: Pick<Round, 'policyId' | 'role' | 'status'>,
  answer: ChatAnswer | null,
  { outcome, calls }: Pick<ResponseDecision, 'calls'> & Pick<Round, 'outcome'>,
  besides: { readonly gaveWay: Round['gaveWay']; readonly bestOf: Round['bestOf'] } | null,
): Round {
  const round = { policyId, role, status, answer, outcome, decisions: calls, hold: null, denied: false }
  if (besides === null) return round
  const { gaveWay, bestOf } = besides
  return {
    ...round,
    ...(gaveWay === undefined ? {} : { gaveWay }),
    ...(bestOf === undefined ? {} : { bestOf }),
  }
}

/** Before anything is added to what the model is told. */
function keepToScore(
  { agent: { baseline }, request, bestOf, rounds, told, toScore }: Turn,
  { policyId }: Serving,
  { path, asked, answer }: Pick<Protocol, 'path'> & { readonly asked: string; readonly answer: ChatAnswer },
): void {
  if (baseline.scoresWith === 'none') return
  const isChat = path === '/chat/completions'
  toScore.push({
    round: rounds.length,
    candidatePolicyId: policyId,
    asked,
    baselineAsked: request.forModel(baseline, told),
    answer,
    why: !isChat
      ? 'It was asked for through the Responses API, which has no scores.'
      : bestOf > 1
        ? 'It is the best of several, and not as it was sampled.'
        : null,
  })
}

/** True when the client has its answer; false: another round. */
async function settle(
  parts: TurnParts,
  turn: Turn,
  reply: Answered,
  { decided, hold }: { readonly decided: ResponseDecision; readonly hold: HoldAnswer | null },
): Promise<boolean> {
  const { conversation } = turn
  if (decided.outcome === 'replace') {
    conversation.role = { kind: 'baseline', policyId: turn.agent.contract.baseline.policyId }
    turn.told = []
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
    const last = turn.rounds.at(-1)
    if (last !== undefined) turn.rounds[turn.rounds.length - 1] = { ...last, denied: true }
    // Asking people the same thing again and again is no way around them.
    if (hold !== null && conversation.denials > turn.agent.contract.limits.denialsMax) {
      await stop(parts, turn, reply, 'Too many calls were not allowed.')
      return true
    }
    const why = hold === null ? null : heldReason(hold)
    turn.told = [...turn.told, ...refusedMessages(reply.answer, decided.calls, why)]
    return false
  }
  await release(parts, turn, reply, carriedArguments(decided.calls, hold))
  return true
}

async function release(
  parts: TurnParts,
  turn: Turn,
  reply: Answered,
  changed: readonly (string | null)[],
): Promise<void> {
  const { answer, end } = reply
  const { conversation, client } = turn
  const isChanged = changed.some((one) => one !== null)
  conversation.steps += answer.calls.length + (answer.choices.some(({ text }) => text !== '') ? 1 : 0)
  const message = assistantMessage(answer, answer.choices[0]?.index ?? 0, changed)
  await record(parts, turn, 'release', heardMessage(turn, message))
  client.finish(isChanged ? end.changed(changed) : end.asItCame())
}

async function stop(parts: TurnParts, turn: Turn, reply: Answered, why: string): Promise<void> {
  const text = `This conversation was stopped. ${why}`
  turn.conversation.stopped = true
  // Whoever goes on with this in its history goes on with a conversation that is over.
  await record(parts, turn, 'stop', heardMessage(turn, { role: 'assistant', content: text }, reply))
  turn.client.finish(reply.end.spoken(text))
}

async function askPeople(
  { holds, effects: { log } }: TurnParts,
  { id, agent, conversation, client, request, told }: Turn,
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
        messages: [
          ...request.history.messages,
          ...told,
          assistantMessage({ ...answer, calls: [] }, answer.choices[0]?.index ?? 0),
        ],
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

async function fail(parts: TurnParts, turn: Turn, error: unknown): Promise<void> {
  const { client } = turn
  const refusal =
    error instanceof GatewayRefusal
      ? error
      : new GatewayRefusal(500, 'internal', 'The gateway failed.', { cause: error })
  if (!(error instanceof GatewayRefusal) && !client.isGone())
    parts.effects.log.error({ err: error, turn: turn.id }, 'a turn of the gateway failed')
  // What was cut, or was not waited for, has been paid for.
  if (!neverCalled(error)) turn.usd = plus(turn.usd, turn.underWayUsd)
  try {
    if (!turn.isRecorded) await record(parts, turn, client.isGone() ? 'aborted' : 'failed')
  } catch {
    // What cannot be written down cannot be answered either; the client is told so below.
  }
  if (!client.isGone()) client.refuse(refusal)
}

/** `answer`: what the client will have in its history of this turn; left out where it gets none. */
async function record(parts: TurnParts, turn: Turn, outcome: TurnOutcome, answer?: Json): Promise<void> {
  const { agent, conversation, request, rounds } = turn
  const fresh = newMessages(conversation, request)
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
    usd: turn.usd,
    steps: conversation.steps,
    heard: answer === undefined ? null : heardAfter(request.history, answer),
    ...(turn.traceparent === undefined ? {} : { traceparent: turn.traceparent }),
  }
  await parts.record(entry)
  turn.isRecorded = true
  if (turn.toScore.length > 0) parts.score(turn)
  markRecorded(conversation, request)
  if (entry.heard !== null) parts.conversations.answered(placeOf(turn), conversation, entry.heard)
}

/** What the client has heard in this turn: of a stream also what was said before calls that it never saw. */
function heardMessage({ request, rounds }: Turn, last: Json, stopped?: Answered): Json {
  if (!request.stream) return last
  const spoken = rounds.slice(0, -1).map(({ answer }) => firstText(answer))
  if (stopped !== undefined) spoken.push(firstText(stopped.answer))
  const { content, ...message } = last as { readonly content: string | null }
  const text = [...spoken, content ?? ''].join('')
  return { ...message, content: text === '' ? content : text }
}

const firstText = (answer: ChatAnswer | null) => answer?.choices[0]?.text ?? ''

const placeOf = ({ agent, request }: Turn) => ({
  agentKey: agentKey(agent.projectId, agent.name),
  named: request.conversation,
  history: request.history,
  continues: request.continues,
})

function stoppedRefusal(): GatewayRefusal {
  return new GatewayRefusal(403, 'conversation_stopped', 'This conversation was stopped. Begin another one.')
}
