/** A replica of the gateway: the real server in a process of its own, with its own folder and its own way to the database. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type KillableServer, startKillable } from '../crash/killable-server.ts'
import { databaseBetween, type Way } from './database-between.ts'

export type Replica = {
  readonly name: string
  /** Null while it is down. */
  readonly address: () => string | null
  /** How often it was started: what began in another life than this cannot be said to have seen its clock. */
  readonly life: () => number
  readonly clockMs: () => number
  readonly client: KillableServer['client']
  readonly setWay: (way: Way) => void
  /** When it lost its database, by the study's steady clock; null while it can reach it. */
  readonly awaySinceMs: () => number | null
  /** Resolves when its clock is there. */
  readonly moveClock: (offsetMs: number) => Promise<void>
  /** `kill -9`, and what was not on disk for sure goes, as when the power does. Answers what is left in its spool. */
  readonly loosePower: () => Promise<ReadonlySet<string>>
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type ReplicaOptions = {
  readonly name: string
  readonly folder: string
  readonly databaseUrl: string
  /** The same for all: it opens the keys of upstreams. Each makes a ledger key of its own. */
  readonly secretsKey: string
  /** Of a copy of the sources that was broken on purpose. */
  readonly sources?: string | undefined
  readonly settings?: Readonly<Record<string, string>> | undefined
}

const PRELOAD = fileURLToPath(new URL('unkind-machine.mjs', import.meta.url))

export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const dataDir = join(options.folder, options.name)
  const synced = join(options.folder, `${options.name}-synced`)
  const spool = join(dataDir, 'spool')
  for (const folder of [dataDir, synced]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(dataDir, 'secrets.key'), options.secretsKey, { mode: 0o600 })
  const database = await databaseBetween(options.databaseUrl)
  const start = () =>
    startKillable(dataDir, {
      sources: options.sources,
      nodeArguments: ['--import', PRELOAD],
      environment: {
        ...options.settings,
        DATABASE_URL: database.url,
        LEEWAY_LAB_SYNCED: synced,
      },
    })
  let server: KillableServer | null = await start()
  const { client } = server
  let life = 1
  let clockMs = 0
  let awaySinceMs: number | null = null
  return {
    name: options.name,
    address: () => server?.address ?? null,
    life: () => life,
    clockMs: () => clockMs,
    client,
    setWay(way) {
      database.set(way)
      awaySinceMs = way === 'cut' || way === 'silent' ? (awaySinceMs ?? performance.now()) : null
    },
    awaySinceMs: () => awaySinceMs,
    async moveClock(offsetMs) {
      await server?.tell({ clockMs: offsetMs })
      clockMs = offsetMs
    },
    async loosePower() {
      const killed = server
      server = null
      life += 1
      clockMs = 0
      await killed?.kill()
      return powerLost(spool, synced)
    },
    async restart() {
      server = await start()
    },
    async stop() {
      await server?.stop()
      server = null
      await database.close()
    },
  }
}

/** Ids of the records that are left, the second column of each. Reads the files by itself. */
function powerLost(spool: string, synced: string): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const name of readdirSync(spool).filter((one) => one.endsWith('.spool'))) {
    const length = lengthOf(join(synced, name))
    if (length === null) {
      rmSync(join(spool, name))
      continue
    }
    const path = join(spool, name)
    const { size } = statSync(path)
    truncateSync(path, length)
    for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1))
      ids.add(line.split('\t')[1] as string)
    // The room that was made for it stays, and holds zeros.
    truncateSync(path, size)
  }
  return ids
}

/** Null: the file was never in its folder for sure. */
function lengthOf(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
