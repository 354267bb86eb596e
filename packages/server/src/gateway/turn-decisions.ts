/** Who serves a turn, and what becomes of what its model wants to do: by what is enforced at the moment of asking. */
import { decideCalls, type ProposedCall, type ResponseDecision } from '@leeway/core/autonomy/decide-calls'
import { givesWay } from '@leeway/core/divergence/conversation-divergence'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { ServedAgent, Serving } from './bundle.ts'
import type { ChatAnswer } from './chat-answer.ts'
import { afterHold, type HoldAnswer } from './holds.ts'
import { passesAlone } from './hosted-tools.ts'
import { GatewayRefusal } from './openai-error.ts'
import { priceUnknown } from './spend.ts'
import { agentNow, type Turn, type TurnParts } from './turn.ts'
import type { Round } from './turn-record.ts'
import type { HostedTool } from './turn-request.ts'

/** The role is drawn once a conversation, kept, and given up for the baseline's when the candidate may not go on. */
export async function whoServes(
  parts: TurnParts,
  turn: Turn,
): Promise<Pick<Round, 'role' | 'gaveWay'> & { readonly serving: Serving }> {
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
  const mayGoOn =
    kind === 'candidate' && mayAct(parts, agent, policyId) && conversation.steps < horizon ? candidate : null
  const gaveWay =
    mayGoOn === null || contract.candidate === null
      ? null
      : givesWay(conversation.divergence, contract.candidate)
  if (mayGoOn !== null && gaveWay === null) return { serving: mayGoOn, role: 'candidate' }
  conversation.role = own
  return { serving: baseline, role: 'baseline', ...(gaveWay === null ? {} : { gaveWay }) }
}

/** Whether this policy may act as a candidate at this moment: asked before it is called, and again before it acts. */
function mayAct(parts: TurnParts, { candidate, contract }: ServedAgent, policyId: string): boolean {
  return (
    candidate?.policyId === policyId &&
    contract.candidate?.policyId === policyId &&
    contract.candidate.autonomy === 'act' &&
    !parts.enforced().outOfTouch &&
    parts.effects.now().getTime() < Date.parse(contract.expiresAt)
  )
}

/**
 * Whether the tools that run where the model runs may be asked for. False where they may not be by the candidate, whose place the
 * baseline takes. Throws GatewayRefusal where nobody may.
 */
export function mayUseHosted(
  parts: TurnParts,
  turn: Turn,
  hosted: readonly HostedTool[],
  role: Round['role'],
): boolean {
  if (hosted.length === 0) return true
  const { calls } = decideWith(
    parts,
    turn,
    hosted,
    role,
    hosted.map(() => 0),
  )
  const at = calls.findIndex((call) => !passesAlone(call))
  if (at === -1) return true
  if (role === 'candidate') return fallBack(turn)
  const why = calls[at]?.outcome === 'deny' ? calls[at].reason : 'A person would have to decide about it.'
  throw new GatewayRefusal(
    403,
    'tool_not_allowed',
    `The tool "${hosted[at]?.tool}" runs where the model runs, so no call of it can be held. ${why}`,
    { param: 'tools' },
  )
}

/**
 * Whether another answer may be paid for. False where nobody knows what the candidate's costs; the baseline takes its place. Throws
 * GatewayRefusal where nothing is left.
 */
export async function mayCost(
  parts: TurnParts,
  turn: Turn,
  { usdPerMillion }: Serving,
  role: Round['role'],
): Promise<boolean> {
  const agent = agentNow(parts, turn)
  if (agent.contract.limits.usdPerDay === null) return true
  if (usdPerMillion === null) {
    if (role === 'candidate') return fallBack(turn)
    throw priceUnknown()
  }
  await parts.spend.requireLeft(agent)
  return true
}

function fallBack({ conversation, agent }: Turn): false {
  conversation.role = { kind: 'baseline', policyId: agent.contract.baseline.policyId }
  return false
}

export function decide(
  parts: TurnParts,
  turn: Turn,
  answer: ChatAnswer,
  role: Round['role'],
): ResponseDecision {
  if (answer.calls.length === 0) return { outcome: 'release', calls: [] }
  const uniforms = answer.calls.map(() => uniformDraw(parts.effects))
  return decideWith(parts, turn, answer.calls, role, uniforms)
}

function decideWith(
  parts: TurnParts,
  turn: Turn,
  calls: readonly ProposedCall[],
  role: Round['role'],
  uniforms: readonly number[],
): ResponseDecision {
  const agent = agentNow(parts, turn)
  const { contract } = agent
  const replaced = role === 'candidate' && !mayAct(parts, agent, turn.conversation.role?.policyId ?? '')
  const decided = decideCalls(contract, calls, {
    role: replaced ? 'baseline' : role,
    steps: turn.conversation.steps + calls.length,
    denials: turn.conversation.denials,
    now: parts.effects.now(),
    outOfTouch: parts.enforced().outOfTouch,
    uniforms,
  })
  // Halted or rolled back while it answered.
  return replaced ? { ...decided, outcome: 'replace' } : decided
}

export function againAfterHold(
  parts: TurnParts,
  turn: Turn,
  answer: ChatAnswer,
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
      calls,
      role,
      calls.map(() => 0),
    )
  })
}
