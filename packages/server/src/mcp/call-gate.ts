/**
 * What becomes of one call of an MCP server: decided by the same contract, held before the same people and written into the same
 * spool as a call that a model asks for through the gateway.
 *
 * Who        the policy that the conversation was drawn for. While an agent has a candidate that acts, a conversation of which
 *            nobody knows who it is may do what both may: the strictest outcome counts.
 * Order      decided, held, decided again with what holds then, written down, and only then released. Its result is a record
 *            of its own. A crash between the two leaves a released call whose result is not known, never an unrecorded one.
 * Again      a call that is held may be made again: it finds the hold that stands for it, and no second draw.
 */
import { createHash } from 'node:crypto'
import type { McpDecision } from '@leeway/contract/mcp'
import {
  type CallDecision,
  decideCalls,
  mayBeCalled,
  type ResponseDecision,
} from '@leeway/core/autonomy/decide-calls'
import { refusalText } from '@leeway/core/autonomy/refusal-text'
import { strictestDecision } from '@leeway/core/autonomy/strictest-decision'
import type { Json } from '@leeway/core/episodes/episode'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import { agentKey, type GovernedAgent } from '../gateway/bundle.ts'
import type { AnsweredCall } from '../gateway/chat-answer.ts'
import { type Conversation, type Conversations, historyOf, STEPS_A_CALL } from '../gateway/conversations.ts'
import type { Enforced } from '../gateway/enforced.ts'
import { findConversation } from '../gateway/find-conversation.ts'
import { afterHold, carriedArguments, type HoldAnswer, type Holds, heldReason } from '../gateway/holds.ts'
import type { Round, TurnOutcome, TurnRecord } from '../gateway/turn-record.ts'
import type { Effects } from '../http/environment.ts'
import { governedAgent } from './governed-agent.ts'
import { keptMessages } from './kept-messages.ts'
import { servedArm } from './served-arm.ts'
import type { McpOutcome } from './session/desk.ts'

export type GateParts = {
  readonly effects: Effects
  readonly enforced: Enforced
  readonly conversations: Conversations
  readonly holds: Holds
  /** Resolves when it is on disk. Throws GatewayRefusal when it cannot be written down. */
  readonly record: (turn: TurnRecord) => Promise<void>
}

export type CallPlace = {
  readonly projectId: string
  readonly agent: string
  readonly conversation: string
  /** As `HeldCalls` has it: the server, and which declaration of it. */
  readonly place: string
}

export type PlacedCall = CallPlace & {
  /** As contracts call it. */
  readonly tool: string
  /** A JSON object. */
  readonly argumentsText: string
  /** What the server says of the tool, for people who decide. */
  readonly says: string | null
  readonly waitMs: number
  /** As the client sent it, where it did. */
  readonly traceparent?: string | undefined
}

export type CallGate = {
  /** Throws GatewayRefusal where the agent is not known or nothing can be written down: nothing is carried out then. */
  readonly decide: (call: PlacedCall, signal: AbortSignal) => Promise<McpDecision>
  readonly returned: (
    place: CallPlace,
    result: { readonly callId: string; readonly outcome: McpOutcome; readonly text: string },
  ) => Promise<void>
  readonly offered: (place: CallPlace, names: readonly string[]) => Promise<ReadonlySet<string>>
  /** Another one as soon as other terms hold for the agent. Says nothing else. */
  readonly terms: (place: CallPlace) => string
}

type Role = 'baseline' | 'candidate'

type Turn = {
  readonly id: string
  readonly call: PlacedCall
  readonly conversation: Conversation
  /** Both where nobody knows who it is. */
  readonly roles: readonly Role[]
  readonly startedAt: Date
}

export function callGate(parts: GateParts): CallGate {
  const { effects } = parts
  const kept = keptMessages()
  const conversationOf = (owner: GovernedAgent, { projectId, agent, conversation }: CallPlace) =>
    findConversation(parts, owner, {
      agentKey: agentKey(projectId, agent),
      named: conversation,
      history: NO_HISTORY,
      continues: true,
    })

  async function decide(call: PlacedCall, signal: AbortSignal): Promise<McpDecision> {
    const agent = requireAgent(parts, call)
    const conversation = await conversationOf(agent, call)
    const roles = await rolesOf(parts, agent, conversation)
    const turn: Turn = { id: effects.newId(), call, conversation, roles, startedAt: effects.now() }
    if (conversation.stopped) {
      const decided: ResponseDecision = { outcome: 'stop', calls: [NOT_ACTING] }
      await record(turn, 'stop', { decided, hold: null, denied: false })
      return { kind: 'refuse', text: STOPPED_TEXT }
    }
    const drawn = decideNow(parts, turn, call.argumentsText, uniformDraw(effects))
    const asked = await askPeople(turn, drawn, signal)
    const { decided, hold } = asked
    const standing =
      hold === null
        ? decided
        : afterHold(decided, hold, [call.argumentsText], ([text = '']) => decideNow(parts, turn, text, 0))
    return settle(turn, standing, hold)
  }

  /** A call that a person might be asked about may have been asked about before. */
  async function askPeople(
    turn: Turn,
    drawn: ResponseDecision,
    signal: AbortSignal,
  ): Promise<{ readonly decided: ResponseDecision; readonly hold: HoldAnswer | null }> {
    const [decision] = drawn.calls
    const opens = drawn.outcome === 'hold'
    if (decision === undefined || (!opens && drawn.outcome !== 'release') || decision.holdProbability === 0)
      return { decided: drawn, hold: null }
    const agent = requireAgent(parts, turn.call)
    const { contract, projectId, agentId } = agent
    const { call, conversation } = turn
    const { waitMs } = call
    try {
      const hold = await parts.holds.comeBack(
        {
          projectId,
          agentId,
          policyId: policyOf(agent, turn),
          place: call.place,
          turnId: turn.id,
          conversation: conversation.id,
          contractVersion: contract.version,
          calls: [{ call: answeredCall(turn), decision, says: call.says }],
          messages: kept.of(conversation),
          holdSeconds: contract.limits.holdSeconds,
          holdsMax: contract.limits.holdsMax,
        },
        { opens, waitMs },
        signal,
      )
      return { decided: hold === null ? drawn : { ...drawn, outcome: 'hold' }, hold }
    } catch (error) {
      if (signal.aborted) {
        await record(turn, 'aborted', { decided: drawn, hold: null, denied: false })
        throw error
      }
      effects.log.warn({ err: error, call: turn.id }, 'nobody could be asked about a call')
      return opens
        ? { decided: drawn, hold: { kind: 'unanswered' } }
        : { decided: decideNow(parts, turn, call.argumentsText, 0, true), hold: null }
    }
  }

  async function settle(
    turn: Turn,
    decided: ResponseDecision,
    hold: HoldAnswer | null,
  ): Promise<McpDecision> {
    const { conversation, call } = turn
    const { denialsMax } = requireAgent(parts, call).contract.limits
    const what = { decided, hold, denied: false }
    // Asking people the same thing again and again is no way around them.
    const insists = hold?.kind === 'denied' && conversation.denials >= denialsMax
    if (decided.outcome === 'stop' || hold?.kind === 'stopped' || insists) {
      conversation.stopped = true
      await record(turn, 'stop', what)
      const why = hold?.kind === 'stopped' ? hold.reason : 'Too many calls were not allowed.'
      return { kind: 'refuse', text: `This conversation was stopped. ${why}` }
    }
    const approved = hold?.kind === 'approved' || hold?.kind === 'edited'
    if (decided.outcome === 'release' || (decided.outcome === 'hold' && approved)) {
      conversation.carried += STEPS_A_CALL
      await record(turn, 'release', what)
      const [changed = null] = carriedArguments(decided.calls, hold)
      return { kind: 'release', callId: turn.id, argumentsText: changed ?? call.argumentsText }
    }
    // To come again for a decision that is still awaited is no refusal.
    const denied = hold?.kind !== 'unanswered'
    if (denied) conversation.denials += 1
    await record(turn, 'deny', { decided, hold, denied })
    return { kind: 'refuse', text: toldText(decided.calls[0], hold) }
  }

  async function record(
    turn: Turn,
    outcome: TurnOutcome,
    {
      decided,
      hold,
      denied,
    }: {
      readonly decided: ResponseDecision
      readonly hold: HoldAnswer | null
      readonly denied: boolean
    },
  ): Promise<void> {
    const agent = requireAgent(parts, turn.call)
    const call = answeredCall(turn)
    const round: Round = {
      policyId: policyOf(agent, turn),
      role: roleOf(turn),
      status: null,
      answer: { id: null, model: null, choices: [NO_WORDS], calls: [call], usage: null },
      outcome: decided.outcome,
      decisions: decided.calls,
      hold,
      denied,
    }
    await parts.record({ ...entry(agent, turn), outcome, messages: [], rounds: [round] })
    kept.proposed(turn.conversation, call, outcome === 'release' ? null : toldText(decided.calls[0], hold))
  }

  function entry(agent: GovernedAgent, turn: Turn) {
    return {
      id: turn.id,
      projectId: agent.projectId,
      agentId: agent.agentId,
      agent: agent.name,
      policyId: policyOf(agent, turn),
      role: roleOf(turn),
      conversation: turn.conversation.id,
      unitKey: unitKeyOf(turn.conversation),
      contractVersion: agent.contract.version,
      startedAt: turn.startedAt.toISOString(),
      endedAt: effects.now().toISOString(),
      from: null,
      usd: null,
      heard: null,
      steps: null,
      ...(turn.call.traceparent === undefined ? {} : { traceparent: turn.call.traceparent }),
    }
  }

  return {
    decide,
    async returned(place, { callId, outcome, text }) {
      const agent = requireAgent(parts, place)
      const conversation = await conversationOf(agent, place)
      const roles = await rolesOf(parts, agent, conversation)
      const turn: Turn = {
        id: effects.newId(),
        call: { ...place, tool: '', argumentsText: '', says: null, waitMs: 0 },
        conversation,
        roles,
        startedAt: effects.now(),
      }
      const message: Json = { role: 'tool', tool_call_id: callId, content: text }
      await parts.record({
        ...entry(agent, turn),
        outcome: OUTCOMES[outcome],
        messages: [message],
        rounds: [],
      })
      kept.answered(conversation, message)
    },
    async offered(place, names) {
      const agent = requireAgent(parts, place)
      const conversation = await conversationOf(agent, place)
      if (conversation.stopped) return new Set()
      const roles = await rolesOf(parts, agent, conversation)
      const now = effects.now()
      return new Set(
        names.filter((name) =>
          roles.every(
            (role) => mayActAs(agent, conversation, role) && mayBeCalled(agent.contract, role, name, now),
          ),
        ),
      )
    },
    terms(place) {
      const { agentId, contract, halted } = requireAgent(parts, place)
      return createHash('sha256').update(`${agentId} ${contract.version} ${halted}`).digest('base64url')
    },
  }
}

/** The client's own is not known here. */
const NO_HISTORY = historyOf([])
const OUTCOMES = { returned: 'release', lost: 'failed', cancelled: 'aborted' } as const
const NOT_ACTING: CallDecision = {
  outcome: 'deny',
  rule: 'not-acting',
  reason: 'Whoever asks may not act at present.',
  stakes: null,
  argumentsText: null,
  holdProbability: 0,
}
const STOPPED_TEXT = 'This conversation was stopped. Begin another one.'
const NO_WORDS = {
  index: 0,
  text: '',
  refusal: '',
  reasoning: '',
  finishReason: null,
  tokens: null,
} as const

const requireAgent = ({ enforced }: GateParts, { projectId, agent }: CallPlace): GovernedAgent =>
  governedAgent(enforced().bundle, projectId, agent)

const unitKeyOf = ({ id }: Conversation) => `session:${id}`
const roleOf = ({ roles }: Turn): Role => (roles.length === 1 ? (roles[0] as Role) : 'baseline')

function policyOf({ contract }: GovernedAgent, turn: Turn): string {
  if (roleOf(turn) === 'baseline') return contract.baseline.policyId
  return turn.conversation.role?.policyId ?? contract.candidate?.policyId ?? contract.baseline.policyId
}

async function rolesOf(
  { effects }: GateParts,
  { projectId, contract }: GovernedAgent,
  conversation: Conversation,
): Promise<readonly Role[]> {
  if (conversation.role !== null) return [conversation.role.kind]
  const { candidate, evidence } = contract
  if (candidate === null || candidate.autonomy === 'shadow') return ['baseline']
  const arm =
    evidence.releaseId === null
      ? null
      : await servedArm(effects.db, projectId, evidence.releaseId, unitKeyOf(conversation)).catch(() => null)
  if (arm === null) return ['baseline', 'candidate']
  conversation.role = { kind: arm, policyId: contract[arm]?.policyId ?? '' }
  return [arm]
}

/** A candidate that was halted or rolled back does nothing more; nobody here could do it in its place. */
function mayActAs({ contract, halted }: GovernedAgent, { role }: Conversation, as: Role): boolean {
  if (as === 'baseline') return true
  const { candidate } = contract
  return candidate !== null && !halted && (role === null || role.policyId === candidate.policyId)
}

function decideNow(
  parts: GateParts,
  { call, conversation, roles }: Turn,
  argumentsText: string,
  uniform: number,
  alone = false,
): ResponseDecision {
  const agent = requireAgent(parts, call)
  const { outOfTouch } = parts.enforced()
  return strictestDecision(
    roles.map((role): ResponseDecision => {
      // Out of touch, whether it still is the candidate cannot be known.
      if (!mayActAs(agent, conversation, role) || (role === 'candidate' && outOfTouch))
        return mayNotAct(agent, conversation)
      const decided = decideCalls(agent.contract, [{ tool: call.tool, argumentsText }], {
        role,
        steps: Math.max(conversation.steps, conversation.carried) + 1,
        denials: conversation.denials,
        now: parts.effects.now(),
        outOfTouch: alone || outOfTouch,
        uniforms: [uniform],
      })
      // The model is the client's own: no baseline answers here in a candidate's place.
      return decided.outcome === 'replace' ? { ...decided, outcome: refusal(agent, conversation) } : decided
    }),
  )
}

const refusal = ({ contract }: GovernedAgent, { denials }: Conversation): 'deny' | 'stop' =>
  denials >= contract.limits.denialsMax ? 'stop' : 'deny'

const mayNotAct = (agent: GovernedAgent, conversation: Conversation): ResponseDecision => ({
  outcome: refusal(agent, conversation),
  calls: [NOT_ACTING],
})

const answeredCall = ({ id, call }: Turn): AnsweredCall => ({
  choice: 0,
  index: 0,
  id,
  form: 'function',
  tool: call.tool,
  argumentsText: call.argumentsText,
})

function toldText(decision: CallDecision | undefined, hold: HoldAnswer | null): string {
  if (hold === null) return refusalText(decision, null)
  return hold.kind === 'unanswered' ? `${heldReason(hold)} ${AGAIN_TEXT}` : heldReason(hold)
}

const AGAIN_TEXT = 'The same call with the same arguments finds the decision once there is one.'
