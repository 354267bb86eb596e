/**
 * The best of n answers, where the client asks for that and the contract allows it, or the contract itself says n: drawn from the policy
 * that serves, chosen by the reward that programs give at once, or a model that the contract names within its time, and from then on an
 * answer like any other. What was not chosen is paid for and gone.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type ContractLimits, DEFAULT_LIMITS } from '@leeway/core/autonomy/contract'
import { chooseBest } from '@leeway/core/divergence/choose-best'
import type { Json } from '@leeway/core/episodes/episode'
import { deadline } from '../http/deadline.ts'
import { type DraftReward, draftReward } from '../rewards/draft-reward.ts'
import type { JudgedDrafts } from '../rewards/judged-drafts.ts'
import { askModel, type ModelReply, type ModelRequest } from './ask-model.ts'
import type { GovernedAgent, ServedAgent, Serving } from './bundle.ts'
import type { ChatAnswer } from './chat-answer.ts'
import type { MeasuredGold } from './measured-gold.ts'
import { GatewayRefusal } from './openai-error.ts'
import { neverCalled } from './patient-upstreams.ts'
import { assistantMessage } from './refused-calls.ts'
import { usdOf } from './spend.ts'
import type { Turn, TurnParts } from './turn.ts'
import type { BestOf } from './turn-record.ts'
import type { Protocol, TurnRequest } from './turn-request.ts'

export const BEST_OF_HEADER = 'x-leeway-best-of'
const READ_MS_MAX = 1_000

/** How many answers a client wants to be chosen from; 1 where it says nothing. Throws GatewayRefusal. */
export function bestOfAsked(
  header: string | undefined,
  { contract: { limits } }: GovernedAgent,
  request: TurnRequest,
  { path }: Protocol,
): number {
  if (header === undefined) return byContract(limits, request, path)
  const refuse = (status: number, code: string, message: string, param: string = BEST_OF_HEADER) =>
    new GatewayRefusal(status, code, message, { param })
  const { bestOfMax = DEFAULT_LIMITS.bestOfMax } = limits
  if (!/^[1-9]\d{0,3}$/.test(header))
    throw refuse(400, 'invalid_best_of', `${BEST_OF_HEADER} must be a whole number from 1.`)
  const n = Number(header)
  if (n === 1) return 1
  if (n > bestOfMax)
    throw refuse(
      403,
      'best_of_not_allowed',
      bestOfMax === 1
        ? "The agent's contract does not allow to choose from several answers."
        : `The agent's contract allows to choose from at most ${bestOfMax} answers.`,
    )
  if (path !== '/chat/completions')
    throw refuse(400, 'unsupported_parameter', 'The best of several answers is for chat completions.')
  if (request.stream)
    throw refuse(
      400,
      'unsupported_parameter',
      'The best answer is known when all of them are whole: ask for it without stream.',
      'stream',
    )
  if (request.choices !== 1)
    throw refuse(400, 'unsupported_parameter', 'The best of several answers has one choice.', 'n')
  return n
}

/** Nobody asked for it, so that what cannot be searched is answered as ever. */
function byContract(
  { bestOf = DEFAULT_LIMITS.bestOf, bestOfMax = DEFAULT_LIMITS.bestOfMax }: ContractLimits,
  { stream, choices }: TurnRequest,
  path: Protocol['path'],
): number {
  return bestOf === 1 || path !== '/chat/completions' || stream || choices !== 1
    ? 1
    : Math.min(bestOf, bestOfMax)
}

type Asked = {
  readonly reply: ModelReply
  /** Of all answers, in US dollars; null where no price is known. */
  readonly usd: number | null
  /** Left out where there was nothing to choose from. */
  readonly bestOf?: BestOf
}

/** One answer, or the best of several. Throws GatewayRefusal when there is none. */
export async function askForAnswer(
  parts: TurnParts,
  turn: Turn,
  serving: Serving,
  request: ModelRequest,
): Promise<Asked> {
  const ask = () => askModel(parts.upstreams, serving, request, turn.client)
  const price = (answer: ChatAnswer | null) => usdOf(serving, request.body, answer)
  if (turn.bestOf === 1) {
    const reply = await ask()
    return { reply, usd: reply.kind === 'answered' ? price(reply.answer) : null }
  }
  // What changes something where the model runs is not done again and again.
  const n = request.once ? 1 : turn.bestOf
  const rewarding = rewardAtOnce(parts, turn.agent)
  const drawn = await Promise.allSettled(Array.from({ length: n }, ask))
  const answered = drawn.flatMap((one) =>
    one.status === 'fulfilled' && one.value.kind === 'answered' ? [one.value] : [],
  )
  const costs = drawn.map((one) => {
    if (one.status === 'rejected') return neverCalled(one.reason) ? null : price(null)
    return one.value.kind === 'answered' ? price(one.value.answer) : null
  })
  const usd = costs.reduce(plus, null)
  if (answered.length === 0) {
    for (const one of drawn) if (one.status === 'fulfilled') return { reply: one.value, usd }
    throw (drawn[0] as PromiseRejectedResult).reason
  }
  const drafts = answered.map(({ answer }) => draftOf(turn, answer))
  const measuring = goldAtOnce(parts, turn.agent, answered.length)
  const judged = answered.length === 1 ? null : await judgeInTime(parts, turn, drafts)
  const isJudged = judged?.rewards.some((one) => one !== null) === true
  const reward = await rewarding
  const rewards = isJudged ? judged.rewards : drafts.map((draft) => reward?.(draft) ?? null)
  const choice = chooseBest(rewards)
  const bestOf: BestOf = {
    drawn: answered.length,
    known: rewards.filter((one) => one !== null).length,
    ...choice,
    by: isJudged ? 'judge' : choice.by,
    restUsage: usageOf(answered.filter((_, index) => index !== choice.index)),
  }
  tell(turn, bestOf, judged?.why ?? null, await measuring)
  const reply = answered[choice.index] as (typeof answered)[number]
  return { reply, usd: plus(usd, judged?.usd ?? null), bestOf }
}

/** Null where the contract names no model. Whatever goes wrong with it, programs choose. */
async function judgeInTime(
  { effects: { log }, enforced, search }: TurnParts,
  { agent, client }: Turn,
  drafts: readonly (readonly Json[])[],
): Promise<Told | null> {
  const { bestOfJudge = null, bestOfJudgeSeconds = DEFAULT_LIMITS.bestOfJudgeSeconds } = agent.contract.limits
  if (bestOfJudge === null) return null
  const nothing: Told = { rewards: [], usd: null, why: 'failed' }
  if (enforced().outOfTouch) return nothing
  const { projectId, agentId } = agent
  const until = deadline(bestOfJudgeSeconds * 1_000, client.gone())
  return search
    .judge({ projectId, agentId, judge: bestOfJudge, drafts }, until.signal)
    .catch((error: unknown) => {
      log.warn({ err: error }, 'the model that chooses among answers could not be asked')
      return nothing
    })
    .finally(until.clear)
}

type Told = Omit<JudgedDrafts, 'why'> & { readonly why: JudgedDrafts['why'] | 'failed' }

/** Null also where the database does not say in time. */
async function goldAtOnce(
  { effects: { log }, enforced, search }: TurnParts,
  agent: ServedAgent,
  n: number,
): Promise<MeasuredGold | null> {
  if (enforced().outOfTouch) return null
  const read = search.gold(agent, n).catch((error: unknown) => {
    log.warn({ err: error }, 'what audits found of searching so far could not be read')
    return null
  })
  return Promise.race([read, pause(READ_MS_MAX, null, { ref: false })])
}

/** Null where the database does not say in time: an answer is not held up by what would choose it. */
async function rewardAtOnce(
  { effects: { db, log }, enforced }: TurnParts,
  agent: ServedAgent,
): Promise<DraftReward | null> {
  if (enforced().outOfTouch) return null
  const asked = draftReward(db, agent).catch((error: unknown) => {
    log.warn({ err: error }, 'the rubrics of an agent could not be read, so its best answer is not known')
    return null
  })
  return Promise.race([asked, pause(READ_MS_MAX, null, { ref: false })])
}

function draftOf({ request, told }: Turn, answer: ChatAnswer): readonly Json[] {
  return [...request.history.messages, ...told, assistantMessage(answer, answer.choices[0]?.index ?? 0)]
}

/** The KL of all answers of the turn, also those that were refused: an upper bound adds up. */
function tell(
  { client, rounds }: Turn,
  { drawn, by, klNats }: Pick<BestOf, 'drawn' | 'by' | 'klNats'>,
  judge: Told['why'] | null,
  gold: MeasuredGold | null,
): void {
  const nats = rounds.reduce((sum, { bestOf }) => sum + (bestOf?.klNats ?? 0), klNats)
  client.tell({
    [BEST_OF_HEADER]: String(drawn),
    [`${BEST_OF_HEADER}-chosen-by`]: by,
    [`${BEST_OF_HEADER}-kl-nats-at-most`]: nats.toFixed(6),
    ...(judge === null ? {} : { [`${BEST_OF_HEADER}-judge`]: judge }),
    [`${BEST_OF_HEADER}-gold`]: gold === null ? 'unknown' : goldWords(gold),
  })
}

const goldWords = ({ share, low, high, units }: MeasuredGold) =>
  `${share.toFixed(3)}; low=${low.toFixed(3)}; high=${high.toFixed(3)}; units=${units}`

function usageOf(replies: readonly { readonly answer: ChatAnswer }[]): ChatAnswer['usage'] {
  const known = replies.flatMap(({ answer }) => answer.usage ?? [])
  if (known.length === 0) return null
  return {
    inputTokens: known.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: known.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  }
}

export const plus = (sum: number | null, usd: number | null) => (usd === null ? sum : (sum ?? 0) + usd)
