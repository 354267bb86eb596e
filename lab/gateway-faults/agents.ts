/** The agents' programs: conversations with the gateway, each request at any replica that is up, sent again when it broke off. */
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { ask, type Seen } from './read-answer.ts'
import type { Replica } from './replica.ts'
import { AGENTS, type AgentName } from './world.ts'

/** One answer, as far as it came. */
export type Answer = Seen & {
  readonly agent: AgentName
  readonly replica: string
  /** Of the replica when it was asked and when the answer ended; they differ where it died in between. */
  readonly lives: readonly [number, number]
  /** How far its clock was off, then and then. */
  readonly clocks: readonly [number, number]
  /** Milliseconds for which the replica had been without its database when it was asked; null where it had it, or got it back. */
  readonly awayMs: number | null
  /** By the study's steady clock. */
  readonly sentMs: number
  readonly endedMs: number
}

/** It ended for its program, or let it act: then it has to be written down. */
export const owesRecord = ({ finished, calls }: Seen): boolean => finished || calls.length > 0

export type Agents = {
  /** Grows while they work. */
  readonly answers: readonly Answer[]
  /** Nobody asks this replica anything at this moment. */
  readonly idle: (replica: string) => Promise<void>
  readonly stop: () => Promise<void>
}

const TURNS_MAX = 6
const AGAIN_MAX = 4

export function startAgents(input: {
  readonly replicas: readonly Replica[]
  readonly key: string
  readonly seed: number
  readonly atOnce: number
  /** Share of conversations with the agent whose calls people decide about. */
  readonly careful: number
}): Agents {
  const { replicas, key } = input
  const answers: Answer[] = []
  const underWay = new Map<string, number>()
  let stopping = false
  let conversations = 0

  /** Null: none is up. */
  const askSomebody = async (
    random: () => number,
    agent: AgentName,
    conversation: string | null,
    messages: readonly unknown[],
  ): Promise<Answer | null> => {
    const up = replicas.filter((one) => one.address() !== null)
    const replica = up[Math.floor(random() * up.length)]
    const address = replica?.address()
    if (replica === undefined || address === null || address === undefined) return null
    const sentMs = performance.now()
    const [life, clock, away] = [replica.life(), replica.clockMs(), replica.awaySinceMs()]
    const body = { model: agent, messages, ...(random() < 0.5 ? { stream: true } : {}) }
    underWay.set(replica.name, (underWay.get(replica.name) ?? 0) + 1)
    const seen = await ask({ address, key, conversation, body })
    underWay.set(replica.name, (underWay.get(replica.name) ?? 0) - 1)
    const answer: Answer = {
      ...seen,
      agent,
      replica: replica.name,
      lives: [life, replica.life()],
      clocks: [clock, replica.clockMs()],
      awayMs: away !== null && away === replica.awaySinceMs() ? sentMs - away : null,
      sentMs,
      endedMs: performance.now(),
    }
    answers.push(answer)
    return answer
  }

  const converse = async (random: () => number): Promise<void> => {
    const own = ++conversations
    const agent: AgentName = random() < input.careful ? 'careful' : (AGENTS[0] as AgentName)
    const named = random() < 0.5 ? `conversation-${own}` : null
    const turns = 1 + Math.floor(random() * TURNS_MAX)
    const messages: unknown[] = [{ role: 'user', content: `${agent} c${own} ${turns}` }]
    for (let again = 0; again < AGAIN_MAX && !stopping; ) {
      const answer = await askSomebody(random, agent, named, messages)
      if (answer === null) {
        await pause(50)
        continue
      }
      if (!answer.finished) {
        again += 1
        // Stopped, or refused for good.
        if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return
        await pause(20)
        continue
      }
      again = 0
      messages.push(historyMessage(answer))
      if (answer.calls.length === 0) return
      for (const { id } of answer.calls) messages.push({ role: 'tool', tool_call_id: id, content: 'done' })
    }
  }

  const working = Array.from({ length: input.atOnce }, async (_, at) => {
    const random = seededRandom(input.seed * 1_000 + at)
    while (!stopping) await converse(random)
  })
  return {
    answers,
    async idle(replica) {
      while ((underWay.get(replica) ?? 0) > 0) await pause(10)
    },
    async stop() {
      stopping = true
      await Promise.all(working)
    },
  }
}

function historyMessage({ text, calls }: Seen): unknown {
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ id, tool, argumentsText }) => ({
            id,
            type: 'function',
            function: { name: tool, arguments: argumentsText },
          })),
        }),
  }
}
