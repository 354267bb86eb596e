/**
 * Calls the candidate beside the baseline, to the same input, at a stage at which it may not act.
 *
 * Never acts  what it answers goes to no client and no tool; kept are the tools that it chose, and hashes, and where raters may be asked
 *             its words until they are drawn. A request that would have an effect where the model runs is not put to it.
 * Behind      a turn is taken when its client has its answer. Connections, queue and money are apart from the agent's, and a candidate
 *             that does not answer is no reason to leave an upstream alone: nothing that a client can see depends on it.
 * Bounded     `AT_ONCE` calls of an agent, `waitingMax` that wait, `BYTES_MAX` of all agents.
 * Nothing     is left out silently: what was not asked is written down with why. Missing is what waits in a process that is killed.
 */
import { hash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { askModel } from '../gateway/ask-model.ts'
import { agentKey, type ServedAgent, type Serving } from '../gateway/bundle.ts'
import { neverArrived, type Upstreams } from '../gateway/call-upstream.ts'
import type { ChatAnswer } from '../gateway/chat-answer.ts'
import type { Enforced } from '../gateway/enforced.ts'
import { GatewayRefusal } from '../gateway/openai-error.ts'
import { assistantMessage } from '../gateway/refused-calls.ts'
import { usdOf } from '../gateway/spend.ts'
import type { Turn } from '../gateway/turn.ts'
import type { Protocol } from '../gateway/turn-request.ts'
import type { Effects } from '../http/environment.ts'
import { answerMarks } from './answer-marks.ts'
import { keepShadowText } from './shadow-texts.ts'
import { shadowCalls as table } from './tables.ts'
import { unseenClient } from './unseen-client.ts'

export type ShadowCalls = {
  /** Calls the candidate, where the stage has it run beside the baseline that answered this turn. */
  readonly take: (turn: Turn, path: Protocol['path']) => void
  /** Resolves when nothing waits. */
  readonly idle: () => Promise<void>
  /** What waits is written down as not asked. */
  readonly stop: () => Promise<void>
}

type Shadow = {
  readonly turn: Turn
  readonly agent: ServedAgent
  readonly releaseId: string
  readonly candidate: Serving
  readonly path: Protocol['path']
  readonly body: string
  readonly inputSha256: string
  readonly baseline: ChatAnswer
}

type Came = {
  readonly answer: ChatAnswer | null
  readonly whyNone: string | null
  readonly askedAt: Date | null
  readonly usd: number | null
}

type Lane = { readonly waiting: Shadow[]; underWay: number }

const AT_ONCE = 4
const WAITING_MAX = 200
const BYTES_MAX = 64 << 20

export function shadowCalls(
  effects: Pick<Effects, 'db' | 'now' | 'log'>,
  enforced: Enforced,
  upstreams: Pick<Upstreams, 'call' | 'whole'>,
  waitingMax = WAITING_MAX,
): ShadowCalls {
  const lanes = new Map<string, Lane>()
  const underWay = new Set<Promise<void>>()
  const ending = new AbortController()
  const nobody = unseenClient(ending.signal)
  let bytes = 0

  function track(work: Promise<void>): void {
    const watched = work.catch((error: unknown) =>
      effects.log.error({ err: error }, 'what a candidate answered beside the baseline is not written down'),
    )
    underWay.add(watched)
    void watched.finally(() => underWay.delete(watched))
  }

  function next(lane: Lane): void {
    while (lane.underWay < AT_ONCE) {
      const shadow = lane.waiting.shift()
      if (shadow === undefined) return
      lane.underWay += 1
      track(
        ask(shadow)
          .then((came) => write(effects, shadow, came))
          .finally(() => {
            bytes -= shadow.body.length
            lane.underWay -= 1
            next(lane)
          }),
      )
    }
  }

  async function ask(shadow: Shadow): Promise<Came> {
    const { turn, agent, candidate, path, body } = shadow
    if (ending.signal.aborted) return notAsked('The process ended before it was asked.')
    if (standing(enforced, agent)?.policyId !== candidate.policyId)
      return notAsked('The candidate may not be called any more.')
    const why = await whyNoMoney(effects, agent, candidate)
    if (why !== null) return notAsked(why)
    const askedAt = effects.now()
    const { stream: streams } = turn.request
    const answers = turn.request.answers(turn.conversation.id)
    try {
      const reply = await askModel(upstreams, candidate, { path, body, streams, answers, once: true }, nobody)
      if (reply.kind === 'failed')
        return none(`The candidate’s upstream answered ${reply.status}.`, askedAt, null)
      return { answer: reply.answer, whyNone: null, askedAt, usd: usdOf(candidate, body, reply.answer) }
    } catch (error) {
      const cost =
        error instanceof GatewayRefusal && neverArrived(error) ? null : usdOf(candidate, body, null)
      if (ending.signal.aborted) return none('The process ended before it answered.', askedAt, cost)
      if (error instanceof GatewayRefusal) return none(error.message, askedAt, cost)
      throw error
    }
  }

  return {
    take(turn, path) {
      const shadow = shadowOf(enforced, turn, path)
      if (shadow === null) return
      const key = agentKey(shadow.agent.projectId, shadow.agent.name)
      const lane = lanes.get(key) ?? { waiting: [], underWay: 0 }
      lanes.set(key, lane)
      const tooMuch = lane.waiting.length >= waitingMax || bytes + shadow.body.length > BYTES_MAX
      const why = whyUnlike(turn, shadow) ?? (tooMuch ? 'Too many waited to be asked.' : null)
      if (why !== null) {
        track(write(effects, shadow, notAsked(why)))
        return
      }
      bytes += shadow.body.length
      lane.waiting.push(shadow)
      next(lane)
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    async stop() {
      ending.abort()
      await this.idle()
    },
  }
}

const none = (whyNone: string, askedAt: Date | null, usd: number | null): Came => ({
  answer: null,
  whyNone,
  askedAt,
  usd,
})
const notAsked = (why: string) => none(why, null, null)

/** The candidate that runs beside the baseline at this moment; null where there is none, and where it may act. */
function standing(enforced: Enforced, { projectId, name }: ServedAgent): Serving | null {
  const { bundle, outOfTouch } = enforced()
  const agent = bundle.agents.get(agentKey(projectId, name))
  const grant = agent?.contract.candidate
  if (agent === undefined || grant === null || grant === undefined || outOfTouch) return null
  return grant.autonomy !== 'act' && agent.candidate?.policyId === grant.policyId ? agent.candidate : null
}

/** Null where the baseline did not answer what the client asked, and where nobody runs beside it. */
function shadowOf(enforced: Enforced, turn: Turn, path: Protocol['path']): Shadow | null {
  const candidate = standing(enforced, turn.agent)
  const [first] = turn.rounds
  if (candidate === null || first === undefined || first.role !== 'baseline' || first.answer === null)
    return null
  const agent = enforced().bundle.agents.get(agentKey(turn.agent.projectId, turn.agent.name))
  const releaseId = agent?.contract.evidence.releaseId ?? null
  if (agent?.contract.baseline.policyId !== first.policyId || releaseId === null) return null
  const { request } = turn
  // A response that a provider keeps would be there for others to go on from.
  const set = path === '/responses' ? { ...candidate.set, store: false } : candidate.set
  const asItCame = { ...candidate, set: {}, model: request.agent, usdPerMillion: null }
  return {
    turn,
    agent,
    releaseId,
    candidate,
    path,
    body: request.forModel({ ...candidate, set }, []),
    inputSha256: hash('sha256', request.forModel(asItCame, [])),
    baseline: first.answer,
  }
}

/** Why the candidate cannot be asked the same without any effect; null where it can. */
function whyUnlike({ request, bestOf }: Turn, { candidate }: Shadow): string | null {
  if (bestOf > 1) return 'The best of several answers was asked for.'
  if (request.continues) return 'What was said before is kept by the baseline’s provider.'
  return request.hosted(candidate).length > 0 ? 'It asks for tools that run where the model runs.' : null
}

async function whyNoMoney(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { projectId, agentId, contract: { limits } }: ServedAgent,
  { usdPerMillion }: Serving,
): Promise<string | null> {
  const { usdPerDay, shadowUsdPerDay = null } = limits
  if (shadowUsdPerDay === null)
    return usdPerDay === null
      ? null
      : 'The contract limits what is spent a day, and says nothing of shadow calls.'
  if (usdPerMillion === null)
    return 'The contract limits what shadow calls cost, and nobody has said what they do.'
  const found = await db.execute<{ usd: number }>(sql`
    select coalesce(sum(usd), 0) as usd from shadow_calls
    where project_id = ${projectId} and agent_id = ${agentId} and asked_at >= ${`${now().toISOString().slice(0, 10)}T00:00:00Z`}::timestamptz`)
  return (found.rows[0]?.usd ?? 0) < shadowUsdPerDay
    ? null
    : 'What the contract allows shadow calls a day was spent.'
}

async function write(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { turn, agent, releaseId, candidate, inputSha256, baseline }: Shadow,
  { answer, whyNone, askedAt, usd }: Came,
): Promise<void> {
  const { contract } = agent
  const { projectId } = agent
  const added = await db
    .insert(table)
    .values({
      projectId,
      turnId: turn.id,
      releaseId,
      stage: contract.evidence.stage ?? '',
      agentId: agent.agentId,
      contractVersion: contract.version,
      conversation: turn.conversation.id,
      unitKey: turn.unitKey,
      pairedAs: turn.isFirst ? 'first-turn' : 'step',
      baselinePolicyId: contract.baseline.policyId,
      candidatePolicyId: candidate.policyId,
      inputSha256,
      baseline: answerMarks(baseline),
      candidate: answer === null ? null : answerMarks(answer),
      whyNone,
      inputTokens: answer?.usage?.inputTokens ?? null,
      outputTokens: answer?.usage?.outputTokens ?? null,
      usd,
      askedAt,
      at: now(),
    })
    .onConflictDoNothing()
    .returning({ turnId: table.turnId })
  if (answer === null || added.length === 0) return
  await keepShadowText(
    db,
    { projectId, turnId: turn.id, releaseId },
    { asked: turn.request.history.messages, baseline: messageOf(baseline), candidate: messageOf(answer) },
  )
}

const messageOf = (answer: ChatAnswer) => assistantMessage(answer, answer.choices[0]?.index ?? 0)
