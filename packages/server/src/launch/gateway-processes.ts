/**
 * Processes that serve agents and nothing else, side by side on a port of their own: one process of Node works on one core.
 *
 * Each is a replica of the gateway with a spool of its own, as if it ran on another machine. This process hands them the connections, starts
 * one again that ended, and asks them to end. One that is killed loses nothing: its successor ships what is on its disk.
 */
import cluster, { type Worker } from 'node:cluster'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { ProcessStanding } from '../monitoring/all-processes.ts'
import type { Settings } from '../settings/setting-table.ts'
import { LaunchError } from './launch-error.ts'

/** What a process is told when it starts; the address of the database is no part of its environment, which others can read. */
export type ProcessOrder = {
  readonly settings: Settings
  readonly databaseUrl: string
  readonly port: number
  /** From 1: names its spool, and it in alerts. */
  readonly number: number
}

export type ToProcess = { readonly start: ProcessOrder } | { readonly stop: true }

export type FromProcess =
  /** It listens to us. What it is told before that is lost. */
  | { readonly ready: true }
  | { readonly listening: string }
  | { readonly failed: string }
  | { readonly standing: ProcessStanding }

export type GatewayProcesses = {
  /** `http://127.0.0.1:4401`. */
  readonly address: string
  /** The newest of each, and the last of those that ended: what they counted has happened. */
  readonly standings: () => readonly ProcessStanding[]
  /** Resolves when all have ended, with what was under way answered. */
  readonly stop: () => Promise<void>
}

const AGAIN_MS = 1_000

/** Resolves when all of them listen. Throws LaunchError when one cannot. */
export async function startGatewayProcesses(
  order: Omit<ProcessOrder, 'number'>,
  { count, log }: { readonly count: number; readonly log: Logger },
): Promise<GatewayProcesses> {
  // Compiled, it stands beside us; from sources, it needs the loader that this process was started with, and inherits it.
  const file = import.meta.url.endsWith('.ts') ? '../gateway-process.ts' : '../gateway-process.js'
  cluster.setupPrimary({ exec: fileURLToPath(new URL(file, import.meta.url)), args: [] })
  const running = new Map<number, Worker>()
  const newest = new Map<number, ProcessStanding>()
  const ended: ProcessStanding[] = []
  let stopping = false

  const start = (number: number): Promise<string> => {
    const worker = cluster.fork()
    running.set(number, worker)
    worker.on('exit', (code, signal) => {
      running.delete(number)
      const last = newest.get(number)
      newest.delete(number)
      if (last !== undefined) ended.push(atItsEnd(last))
      if (stopping) return
      log.error({ process: number, code, signal }, 'a process of the gateway ended, and is started again')
      setTimeout(() => {
        if (!stopping) start(number).catch((error: unknown) => log.error({ err: error }, 'it could not be'))
      }, AGAIN_MS).unref()
    })
    return new Promise((done, fail) => {
      worker.on('message', (said: FromProcess) => {
        if ('ready' in said)
          worker.send((stopping ? { stop: true } : { start: { ...order, number } }) satisfies ToProcess)
        else if ('listening' in said) done(said.listening)
        else if ('failed' in said) fail(new LaunchError(said.failed))
        else newest.set(number, said.standing)
      })
      worker.once('exit', (code) => fail(new LaunchError(`A process of the gateway ended with ${code}.`)))
    })
  }
  const stop = async (): Promise<void> => {
    stopping = true
    await Promise.all(
      [...running.values()].map(
        (worker) =>
          new Promise<void>((done) => {
            worker.once('exit', () => done())
            if (worker.isConnected()) worker.send({ stop: true } satisfies ToProcess)
          }),
      ),
    )
  }
  try {
    const addresses = await Promise.all(Array.from({ length: count }, (_, at) => start(at + 1)))
    return {
      address: addresses[0] as string,
      standings: () => [...newest.values(), ...ended],
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What it counted stays; its spool is its successor's, and it leaves nobody alone any more. */
function atItsEnd({ turns, upstreams }: ProcessStanding): ProcessStanding {
  return {
    turns,
    upstreams: upstreams.map((standing) => ({ ...standing, isOpen: false })),
    spool: { bytes: 0, damagedLines: 0 },
  }
}
