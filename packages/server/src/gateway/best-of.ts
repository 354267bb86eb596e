/**
 * The best of n answers, where the client asks for that and the contract allows it: drawn from the policy that serves, chosen by the
 * reward that programs give at once, and from then on an answer like any other. What was not chosen is paid for and gone.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_LIMITS } from '@leeway/core/autonomy/contract'
import { type Choice, chooseBest } from '@leeway/core/divergence/choose-best'
import { type DraftReward, draftReward } from '../rewards/draft-reward.ts'
import { askModel, type ModelReply, type ModelRequest } from './ask-model.ts'
import type { GovernedAgent, ServedAgent, Serving } from './bundle.ts'
import type { ChatAnswer } from './chat-answer.ts'
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
  if (header === undefined) return 1
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
  const reward = await rewarding
  const rewards = answered.map(({ answer }) => rewardOf(reward, turn, answer))
  const choice = chooseBest(rewards)
  const bestOf: BestOf = {
    drawn: answered.length,
    known: rewards.filter((one) => one !== null).length,
    ...choice,
    restUsage: usageOf(answered.filter((_, index) => index !== choice.index)),
  }
  tell(turn, bestOf)
  const reply = answered[choice.index] as (typeof answered)[number]
  return { reply, usd, bestOf }
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

function rewardOf(reward: DraftReward | null, { request, told }: Turn, answer: ChatAnswer): number | null {
  const message = assistantMessage(answer, answer.choices[0]?.index ?? 0)
  return reward?.([...request.history.messages, ...told, message]) ?? null
}

/** Of all answers of the turn, also those that were refused: an upper bound adds up. No curve of what is gained is kept yet. */
function tell({ client, rounds }: Turn, { drawn, by, klNats }: Pick<BestOf, 'drawn'> & Choice): void {
  const nats = rounds.reduce((sum, { bestOf }) => sum + (bestOf?.klNats ?? 0), klNats)
  client.tell({
    [BEST_OF_HEADER]: String(drawn),
    [`${BEST_OF_HEADER}-chosen-by`]: by,
    [`${BEST_OF_HEADER}-kl-nats-at-most`]: nats.toFixed(6),
    [`${BEST_OF_HEADER}-gold`]: 'unknown',
  })
}

function usageOf(replies: readonly { readonly answer: ChatAnswer }[]): ChatAnswer['usage'] {
  const known = replies.flatMap(({ answer }) => answer.usage ?? [])
  if (known.length === 0) return null
  return {
    inputTokens: known.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: known.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  }
}

export const plus = (sum: number | null, usd: number | null) => (usd === null ? sum : (sum ?? 0) + usd)
