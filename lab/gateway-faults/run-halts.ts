/**
 * Halts two replicas under load, and measures when the last action of a candidate reached its program: by the study's own
 * steady clock, from just before the halt is asked for until the end of the answer was read.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { setHalt } from '@leeway/contract/gateway'
import { type Agents, startAgents } from './agents.ts'
import type { Way } from './database-between.ts'
import { type Stand, type StandOptions, startStand } from './stand.ts'

export type Halt = {
  /** Of the first replica to its database. */
  readonly way: Way
  /** Actions of candidates in the second before: the load. */
  readonly before: number
  /** As the halt itself says; null: not everywhere within two seconds. */
  readonly tookMs: number | null
  /** Processes that had not heard by then. */
  readonly missing: number
  /** Until the last action of a candidate, at any replica; 0: none came after the halt was asked for. */
  readonly lastMs: number
}

export type HaltOptions = StandOptions & {
  /** One halt each. */
  readonly ways: readonly Way[]
  readonly print?: (line: string) => void
}

const AT_ONCE = 24
/** Of the models' answers so many are under way for up to a second and a half. */
const SLOW_SHARE = '0.3'
const LOAD_MS = 2_000
/** A replica that is cut off goes on for as long as its bundle holds. */
const WATCH_MS: Readonly<Record<Way, number>> = { open: 2_500, deaf: 2_500, cut: 18_000, silent: 18_000 }

export async function runHalts(options: HaltOptions): Promise<readonly Halt[]> {
  const stand = await startStand({ ...options, upstream: [SLOW_SHARE] })
  const { replicas, key, people } = stand
  const halts: Halt[] = []
  try {
    const agents = startAgents({ replicas, key, seed: options.seed, atOnce: AT_ONCE, careful: 0 })
    for (const way of options.ways) {
      await untilCandidatesAct(stand, agents)
      replicas[0].setWay(way)
      // Long enough that it is not about to read by chance.
      if (way !== 'open') await pause(300)
      const startMs = performance.now()
      const { tookMs, missing } = await people.client.call(setHalt, {
        body: { halted: true, reason: 'to measure it' },
      })
      await pause(startMs + WATCH_MS[way] - performance.now())
      const times = candidateActions(stand, agents)
      const halt: Halt = {
        way,
        before: times.filter((ms) => ms > startMs - 1_000 && ms <= startMs).length,
        tookMs,
        missing,
        lastMs: Math.max(0, ...times.map((ms) => Math.round(ms - startMs))),
      }
      halts.push(halt)
      options.print?.(JSON.stringify(halt))
      replicas[0].setWay('open')
      await people.client.call(setHalt, { body: { halted: false, reason: 'measured' } })
    }
    await agents.stop()
    return halts
  } finally {
    await stand.stop()
  }
}

/** Conversations that fell to the baseline stay there: new ones have to begin. */
async function untilCandidatesAct(stand: Stand, agents: Agents): Promise<void> {
  const before = candidateActions(stand, agents).length
  for (let waited = 0; waited < 60 && candidateActions(stand, agents).length < before + 10; waited++)
    await pause(500)
  await pause(LOAD_MS)
}

/** When each answer with calls that the candidate had proposed was over for its program. */
function candidateActions({ proposed }: Stand, { answers }: Agents): readonly number[] {
  const byCandidate = new Set(
    proposed.flatMap(({ by, calls }) => (by === 'candidate' ? calls.map(({ id }) => id) : [])),
  )
  return answers.flatMap(({ calls, endedMs }) =>
    calls.some(({ id }) => byCandidate.has(id)) ? [endedMs] : [],
  )
}
