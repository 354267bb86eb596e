/**
 * Has candidates' answers scored by the baseline's model, behind the turns: no client waits for it.
 *
 * Order     answers of one conversation one after the other, as they were given; `AT_ONCE` conversations at a time.
 * Bounded   where more than `WAITING_BYTES_MAX` wait, the next are not scored.
 * Nothing   is left out silently: what is not scored is written down with why. Of a process that is killed that is missing, and
 *           whoever counts takes an answer without a row for one that was not scored.
 * Apart     the upstream is called once, and not through the breaker: that it cannot score is no reason not to let it answer.
 */
import {
  type AnswerDivergence,
  answerDivergence,
  withAnswer,
} from '@leeway/core/divergence/conversation-divergence'
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import type { ServedAgent } from './bundle.ts'
import type { Upstreams } from './call-upstream.ts'
import { fieldsOf, usageOf } from './chat-answer.ts'
import type { Conversation } from './conversations.ts'
import { GatewayRefusal } from './openai-error.ts'
import { readDivergence } from './read-divergence.ts'
import { type AnswerToScore, NotScored, scoreRequest } from './score-request.ts'
import { type Spend, usdOf } from './spend.ts'

/** What a candidate answered in one turn. */
export type TurnToScore = {
  readonly id: string
  readonly agent: ServedAgent
  readonly conversation: Conversation
  readonly toScore: readonly RoundToScore[]
}

export type RoundToScore = AnswerToScore & {
  /** Of the turn. */
  readonly round: number
  readonly candidatePolicyId: string
  /** Null: nothing of it can be scored, for this reason. */
  readonly why: string | null
}

export type AnswerScoring = {
  readonly take: (turn: TurnToScore) => void
  /** Resolves when nothing waits. */
  readonly idle: () => Promise<void>
  /** What waits is written down as not scored. */
  readonly stop: () => Promise<void>
}

type Score = {
  readonly answer: AnswerDivergence | null
  readonly why: string | null
  readonly usd: number | null
}

const AT_ONCE = 4
const WAITING_BYTES_MAX = 64 << 20

export function answerScoring(
  effects: Pick<Effects, 'db' | 'now' | 'log'>,
  upstreams: Pick<Upstreams, 'whole'>,
  spend: Pick<Spend, 'requireLeft'>,
  waitingBytesMax = WAITING_BYTES_MAX,
): AnswerScoring {
  const waiting: TurnToScore[] = []
  const underWay = new Map<Conversation, Promise<void>>()
  const listeners = new Set<(why: Error) => void>()
  let waitingBytes = 0
  let stopped = false

  function next(): void {
    while (underWay.size < AT_ONCE) {
      const at = waiting.findIndex(({ conversation }) => !underWay.has(conversation))
      const [turn] = at === -1 ? [] : waiting.splice(at, 1)
      if (turn === undefined) return
      const work = scoreTurn(turn).finally(() => {
        waitingBytes -= bytesOf(turn)
        underWay.delete(turn.conversation)
        next()
      })
      underWay.set(turn.conversation, work)
    }
  }

  async function scoreTurn(turn: TurnToScore): Promise<void> {
    const { agent, conversation } = turn
    try {
      for (const round of turn.toScore) {
        const score = await scoreRound(agent, round)
        conversation.divergence = withAnswer(conversation.divergence, score.answer)
        await store(effects, turn, round, score)
      }
      // What other processes had scored of it counts as well.
      conversation.divergence = await readDivergence(effects.db, {
        projectId: agent.projectId,
        agentId: agent.agentId,
        conversation: conversation.id,
      })
    } catch (error) {
      effects.log.error({ err: error, turn: turn.id }, 'what was scored of a turn is not written down')
    }
  }

  async function scoreRound(agent: ServedAgent, round: RoundToScore): Promise<Score> {
    const none = { answer: null, usd: null }
    const { scoresWith } = agent.baseline
    if (round.why !== null) return { ...none, why: round.why }
    if (stopped || scoresWith === 'none') return { ...none, why: 'The process ended before it was scored.' }
    let usd: number | null = null
    try {
      const asked = scoreRequest(scoresWith, round)
      await spend.requireLeft(agent)
      const { status, body } = await upstreams.whole(agent.baseline, asked.path, {
        body: asked.body,
        accept: 'application/json',
        onGone: (listener) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      })
      if (status !== 200) throw new NotScored(`The baseline’s upstream answered ${status}.`)
      const text = body.toString('utf8')
      const usage = usageOf(fieldsOf(JSON.parse(text))?.usage)
      usd = usdOf(agent.baseline, asked.body, usage === null ? null : { usage, choices: [], calls: [] })
      return { answer: answerDivergence(asked.read(text), asked.isWhole), why: null, usd }
    } catch (error) {
      return { ...none, usd, why: whyNot(error) }
    }
  }

  return {
    take(turn) {
      waitingBytes += bytesOf(turn)
      const isTooMuch = waitingBytes > waitingBytesMax
      if (isTooMuch) waitingBytes -= bytesOf(turn)
      waiting.push(
        isTooMuch
          ? { ...turn, toScore: turn.toScore.map((round) => ({ ...round, ...NOTHING, why: TOO_MANY })) }
          : turn,
      )
      next()
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
    async stop() {
      stopped = true
      for (const listener of listeners) listener(new Error('the process ends'))
      await this.idle()
    },
  }
}

const TOO_MANY = 'Too many answers waited to be scored.'
const NOTHING: AnswerToScore = {
  asked: '',
  baselineAsked: '',
  answer: { id: null, model: null, choices: [], calls: [], usage: null },
}

const bytesOf = ({ toScore }: TurnToScore) =>
  toScore.reduce((sum, { asked, baselineAsked }) => sum + asked.length + baselineAsked.length, 0)

function whyNot(error: unknown): string {
  if (error instanceof NotScored) return error.message
  if (error instanceof GatewayRefusal) return `The baseline’s upstream gave no answer. ${error.message}`
  return 'What the baseline’s upstream answered cannot be understood.'
}

/** Once, whoever writes it. What it cost counts among what the agent spent on the day. */
async function store(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { id, agent, conversation }: TurnToScore,
  { round, candidatePolicyId }: RoundToScore,
  { answer, why, usd }: Score,
): Promise<void> {
  const at = now()
  await db.execute(sql`
    with added as (
      insert into gateway_scores (project_id, turn_id, round, agent_id, conversation, candidate_policy_id, baseline_policy_id,
        not_scored, tokens, nats, log_ratio, log_ratio_max, is_whole, usd, scored_at)
      values (${agent.projectId}, ${id}, ${round}, ${agent.agentId}, ${conversation.id}, ${candidatePolicyId},
        ${agent.baseline.policyId}, ${why}, ${answer?.tokens ?? null}, ${answer?.nats ?? null}, ${answer?.logRatio ?? null},
        ${answer?.logRatioMax ?? null}, ${answer?.isWhole ?? null}, ${usd}, ${at.toISOString()}::timestamptz)
      on conflict do nothing returning usd)
    insert into gateway_spend (project_id, agent_id, day, usd)
    select ${agent.projectId}, ${agent.agentId}, ${at.toISOString().slice(0, 10)}::date, usd from added where usd > 0
    on conflict (project_id, agent_id, day) do update set usd = gateway_spend.usd + excluded.usd`)
}
