/** A real server in a process of its own, on a data directory that outlives it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@leeway/contract/client'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const fromSources = (root: string) => [
  '--conditions=@leeway/source',
  '--import',
  'tsx',
  join(root, 'packages/cli/src/main.ts'),
]
/** As `npm test` has just built it, which starts a second quicker; else from its sources. */
const program =
  process.env.LEEWAY_BUILT === '1' ? [join(ROOT, 'packages/cli/bin/leeway.js')] : fromSources(ROOT)

export type KillableServer = {
  readonly address: string
  readonly client: Client
  /** Resolves when something loaded by `nodeArguments` has answered. */
  readonly tell: (message: object) => Promise<void>
  /** `kill -9` of the server alone: its PostgreSQL stays behind, as after a crash. */
  readonly kill: () => Promise<void>
  /** The clean way; stops PostgreSQL too. */
  readonly stop: () => Promise<void>
}

export type KillableOptions = {
  readonly nodeArguments?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Root of other sources than these. */
  readonly sources?: string | undefined
}

export async function startKillable(
  dataDir: string,
  { nodeArguments = [], environment = {}, sources }: KillableOptions = {},
): Promise<KillableServer> {
  const own = sources === undefined ? program : fromSources(sources)
  const child = spawn(
    process.execPath,
    [...nodeArguments, ...own, 'serve', '--port', '0', '--data-dir', dataDir, '--log-level', 'error'],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...environment } },
  )
  const closed = new Promise<void>((done) => child.on('close', () => done()))
  const address = await addressOf(child)
  const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal)
    await closed
  }
  return {
    address,
    client: createClient({ baseUrl: address, token, project: 'default' }),
    tell: (message) =>
      new Promise((done) => {
        child.once('message', () => done())
        child.send(message)
      }),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = ''
    const read = (text: string) => {
      said += text
      const address = /listening on (http:\S+)/.exec(said)?.[1]
      if (address !== undefined) done(address)
    }
    child.stdout?.setEncoding('utf8').on('data', read)
    child.stderr?.setEncoding('utf8').on('data', read)
    child.on('close', (code) => fail(new Error(`the server ended with ${code} before it listened:\n${said}`)))
  })
}
