/**
 * Two replicas of the gateway under load while everything around them breaks, and what came of it: no call may be released
 * that the contract denies or that a person had to approve and did not; no answer may end for its client that is not written
 * down; no approval may serve twice.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type Agents, owesRecord, startAgents } from './agents.ts'
import { type Faults, findFaults } from './find-faults.ts'
import { startPeople } from './people.ts'
import { inDatabase, readRecorded } from './recorded.ts'
import type { Replica } from './replica.ts'
import { type Stand, type StandOptions, startStand } from './stand.ts'

export type FaultRun = Faults & {
  readonly seconds: number
  /** Tool calls that the models proposed. */
  readonly calls: number
  readonly callsReleased: number
  readonly answers: number
  readonly finished: number
  /** Of what broke, how often; and what people and the attacker did. */
  readonly broken: Readonly<Record<string, number>>
  readonly people: Readonly<Record<string, number>>
}

export type FaultOptions = StandOptions & {
  /** Until so many calls were proposed. */
  readonly calls: number
  /** What breaks, one after the other and again from the beginning. */
  readonly breaks: readonly Break[]
  /** Share of conversations with the agent whose calls people decide about. */
  readonly careful?: number
  /** Conversations at once. */
  readonly atOnce?: number
  readonly print?: (line: string) => void
}

/** `power`: the replica is killed and what was not on disk is gone. `long`: away for longer than a bundle holds. */
export type Break = 'power' | 'cut' | 'silent' | 'deaf' | 'long' | 'ahead' | 'back' | 'both'

const AT_ONCE = 40
const DAY_MS = 86_400_000

export async function runFaults(options: FaultOptions): Promise<FaultRun> {
  const startedMs = performance.now()
  const random = seededRandom(options.seed)
  const stand = await startStand(options)
  const { replicas, effects } = stand
  const broken: Record<string, number> = {}
  const lost: string[] = []
  try {
    const people = startPeople({ ...stand.people, db: effects.db, seed: options.seed + 1 })
    const agents = startAgents({
      replicas,
      key: stand.key,
      seed: options.seed,
      atOnce: options.atOnce ?? AT_ONCE,
      careful: options.careful ?? 0.2,
    })
    const proposedCalls = () => stand.proposed.reduce((sum, { calls }) => sum + calls.length, 0)
    for (let at = 0; proposedCalls() < options.calls || at < options.breaks.length; at++) {
      await pause(300 + random() * 700)
      const kind = options.breaks[at % options.breaks.length] as Break
      const replica = replicas[Math.floor(random() * 2)] as Replica
      broken[kind] = (broken[kind] ?? 0) + 1
      const found = await breakIt(kind, replica, stand, agents, random)
      lost.push(...found.map((turn) => `${turn} of ${replica.name}, after its power was lost`))
      options.print?.(
        `${Math.round((performance.now() - startedMs) / 1_000)} s: ${kind} of ${replica.name}; ${proposedCalls()} calls, ${agents.answers.length} answers${found.length === 0 ? '' : `, ${found.length} lost`}`,
      )
    }
    await agents.stop()
    await people.stop()
    await Promise.all(replicas.map((replica) => allShipped(replica, stand, agents)))
    const recorded = await readRecorded(effects, stand.projectId)
    const faults = findFaults(stand.proposed, agents.answers, people.approved, recorded)
    return {
      ...faults,
      unrecorded: [...lost, ...faults.unrecorded],
      seconds: Math.round((performance.now() - startedMs) / 1_000),
      calls: proposedCalls(),
      callsReleased: agents.answers.reduce((sum, { calls }) => sum + calls.length, 0),
      answers: agents.answers.length,
      finished: agents.answers.filter(({ finished }) => finished).length,
      broken,
      people: people.counts(),
    }
  } finally {
    await stand.stop()
  }
}

/** Answers turns whose end a client saw and that are nowhere. */
async function breakIt(
  kind: Break,
  replica: Replica,
  stand: Stand,
  agents: Agents,
  random: () => number,
): Promise<readonly string[]> {
  const whileMs = 300 + random() * 2_500
  switch (kind) {
    case 'power':
      return loosePower(replica, stand, agents)
    case 'ahead':
    case 'back':
      await replica.moveClock(kind === 'ahead' ? 2 * DAY_MS : -3_600_000)
      await pause(whileMs)
      await replica.moveClock(0)
      return []
    case 'both':
      for (const one of stand.replicas) one.setWay('cut')
      await pause(whileMs)
      for (const one of stand.replicas) one.setWay('open')
      return []
    case 'long':
      replica.setWay(random() < 0.5 ? 'cut' : 'silent')
      await pause(20_000)
      replica.setWay('open')
      return []
    default:
      replica.setWay(kind)
      await pause(whileMs)
      replica.setWay('open')
      return []
  }
}

async function loosePower(replica: Replica, stand: Stand, agents: Agents): Promise<readonly string[]> {
  const onDisk = await replica.loosePower()
  await agents.idle(replica.name)
  const missing = owedBy(replica, agents).filter((turn) => !onDisk.has(turn))
  const there = await inDatabase(stand.effects.db, missing)
  await replica.restart()
  return missing.filter((turn) => !there.has(turn))
}

const SHIP_MS_MAX = 30_000

/** Waits until everything that its clients saw is in the database, or so long that it will not come any more. */
async function allShipped(replica: Replica, { effects }: Stand, agents: Agents): Promise<void> {
  const ids = owedBy(replica, agents)
  for (const end = performance.now() + SHIP_MS_MAX; performance.now() < end; await pause(200))
    if ((await inDatabase(effects.db, ids)).size === new Set(ids).size) return
}

/** Turns of which its clients have seen so much that they have to be somewhere. */
function owedBy({ name }: Replica, { answers }: Agents): readonly string[] {
  return answers.flatMap((answer) =>
    owesRecord(answer) && answer.replica === name && answer.turnId !== null ? [answer.turnId] : [],
  )
}
