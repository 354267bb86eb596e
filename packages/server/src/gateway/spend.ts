/**
 * What an agent has spent on this UTC day, over all processes, against its contract's `usdPerDay`.
 *
 * Known exactly only afterwards: the database has what all processes have shipped, this process what it has recorded itself since.
 * So an agent may spend more than its limit by what is under way when the limit is reached, and by what other processes recorded
 * since the last reading (`EVERY_MS`, and the quarter of a second until records are shipped). While the database is away each
 * process counts on from its last reading by itself.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { repeat } from '../launch/repeat.ts'
import type { ServedAgent, Serving } from './bundle.ts'
import type { ChatAnswer } from './chat-answer.ts'
import { GatewayRefusal } from './openai-error.ts'
import type { TurnRecord } from './turn-record.ts'

export type Spend = {
  /** Throws GatewayRefusal when nothing is left, or when that cannot be known. Waits only before the first reading of a day. */
  readonly requireLeft: (agent: ServedAgent) => Promise<void>
  readonly recorded: (turn: TurnRecord) => void
  /** For what is no turn: it is in the day at once. While the database is away this process counts it by itself. */
  readonly paid: (agent: ServedAgent, usd: number) => Promise<void>
  readonly stop: () => Promise<void>
}

type Day = {
  readonly projectId: string
  readonly agentId: string
  readonly day: string
  /** Of all processes, by the last reading. */
  shippedUsd: number
  /** Turns of this process that were not in that reading. */
  readonly own: Map<string, number>
  /** Their sum: while the database is away they are many. */
  ownUsd: number
}

const EVERY_MS = 1_000
const BYTES_A_TOKEN = 4

export function dailySpend(effects: Pick<Effects, 'db' | 'now' | 'log'>): Spend {
  const days = new Map<string, Day>()
  const reading = new Map<string, Promise<Day>>()

  async function read(projectId: string, agentId: string, day: string): Promise<Day> {
    const known = days.get(agentId)
    const standing: Day =
      known?.day === day ? known : { projectId, agentId, day, shippedUsd: 0, own: new Map(), ownUsd: 0 }
    const asked = `{${[...standing.own.keys()].join(',')}}`
    const found = await effects.db.execute<{ usd: number; shipped: readonly string[] }>(sql`
      select
        coalesce((select usd from gateway_spend
          where project_id = ${projectId} and agent_id = ${agentId} and day = ${day}), 0) as usd,
        (select coalesce(json_agg(id), '[]') from gateway_turns
          where project_id = ${projectId} and id = any(${asked}::uuid[])) as shipped`)
    const [row] = found.rows
    standing.shippedUsd = row?.usd ?? 0
    for (const id of row?.shipped ?? []) standing.own.delete(id)
    standing.ownUsd = [...standing.own.values()].reduce((sum, one) => sum + one, 0)
    days.set(agentId, standing)
    return standing
  }

  /** One reading at a time for each agent. */
  function firstReading({ projectId, agentId }: ServedAgent, day: string): Promise<Day> {
    const under = reading.get(agentId)
    if (under !== undefined) return under
    const begun = read(projectId, agentId, day).finally(() => reading.delete(agentId))
    reading.set(agentId, begun)
    return begun
  }

  const following = repeat('spend of agents', EVERY_MS, effects.log, async () => {
    const today = dayOf(effects.now())
    for (const [agentId, { projectId, day }] of days) {
      if (day === today) await read(projectId, agentId, day)
      else days.delete(agentId)
    }
  })

  return {
    async requireLeft(agent) {
      const { usdPerDay } = agent.contract.limits
      if (usdPerDay === null) return
      const now = effects.now()
      const today = dayOf(now)
      const known = days.get(agent.agentId)
      const spent = known?.day === today ? known : await firstReading(agent, today).catch(unknown)
      if (spent.shippedUsd + spent.ownUsd < usdPerDay) return
      throw new GatewayRefusal(
        429,
        'spend_limit_reached',
        `The agent has spent what its contract allows a day: ${usdPerDay} US dollars. The next day begins at midnight UTC.`,
        { retryAfterSeconds: Math.ceil((Date.parse(`${today}T24:00:00Z`) - now.getTime()) / 1_000) },
      )
    },
    recorded({ id, agentId, usd, endedAt }) {
      const known = days.get(agentId)
      if (known === undefined || usd === null || usd <= 0 || known.day !== endedAt.slice(0, 10)) return
      known.own.set(id, usd)
      known.ownUsd += usd
    },
    async paid({ projectId, agentId }, usd) {
      const day = dayOf(effects.now())
      try {
        await effects.db.execute(sql`
          insert into gateway_spend (project_id, agent_id, day, usd) values (${projectId}, ${agentId}, ${day}::date, ${usd})
          on conflict (project_id, agent_id, day) do update set usd = gateway_spend.usd + excluded.usd`)
        const known = days.get(agentId)
        if (known?.day === day) known.shippedUsd += usd
      } catch (error) {
        effects.log.warn({ err: error, agent: agentId, usd }, 'what an agent paid could not be written down')
        const known = days.get(agentId)
        if (known?.day !== day) return
        known.own.set(randomUUID(), usd)
        known.ownUsd += usd
      }
    },
    stop: following.stop,
  }
}

/** Of English text; what an upstream does not count is counted so. */
export const tokensByLength = (text: string) => text.length / BYTES_A_TOKEN

export const priceUnknown = () =>
  new GatewayRefusal(
    503,
    'price_unknown',
    'The contract limits what the agent spends a day, and nobody has said what its model costs.',
  )

const dayOf = (at: Date) => at.toISOString().slice(0, 10)

function unknown(cause: unknown): never {
  throw new GatewayRefusal(
    503,
    'spend_unknown',
    'What the agent has spent today cannot be read at present, and its contract limits it.',
    { retryAfterSeconds: 5, cause },
  )
}

/** US dollars of one answer; null where no price is known. What an upstream does not count is counted by its length. */
export function usdOf(
  { usdPerMillion }: Serving,
  body: string,
  answer: Pick<ChatAnswer, 'usage' | 'choices' | 'calls'> | null,
): number | null {
  if (usdPerMillion === null) return null
  const { inputTokens, outputTokens } = answer?.usage ?? {
    inputTokens: tokensByLength(body),
    outputTokens: lengthOf(answer) / BYTES_A_TOKEN,
  }
  return (inputTokens * usdPerMillion.input + outputTokens * usdPerMillion.output) / 1e6
}

function lengthOf(answer: Pick<ChatAnswer, 'choices' | 'calls'> | null): number {
  if (answer === null) return 0
  const texts = answer.choices.map(({ text, reasoning }) => text.length + reasoning.length)
  const calls = answer.calls.map(({ argumentsText }) => argumentsText.length)
  return [...texts, ...calls].reduce((sum, length) => sum + length, 0)
}
