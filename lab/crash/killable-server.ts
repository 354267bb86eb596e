/** A real server in a process of its own, on a data directory that outlives it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@leeway/contract/client'

const path = (name: string) => fileURLToPath(new URL(`../../packages/cli/${name}`, import.meta.url))
/** As `npm test` has just built it, which starts a second quicker; else from its sources. */
const program =
  process.env.LEEWAY_BUILT === '1'
    ? [path('bin/leeway.js')]
    : ['--conditions=@leeway/source', '--import', 'tsx', path('src/main.ts')]

export type KillableServer = {
  readonly client: Client
  /** `kill -9` of the server alone: its PostgreSQL stays behind, as after a crash. */
  readonly kill: () => Promise<void>
  /** The clean way; stops PostgreSQL too. */
  readonly stop: () => Promise<void>
}

export async function startKillable(dataDir: string): Promise<KillableServer> {
  const child = spawn(
    process.execPath,
    [...program, 'serve', '--port', '0', '--data-dir', dataDir, '--log-level', 'error'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const closed = new Promise<void>((done) => child.on('close', () => done()))
  const address = await addressOf(child)
  const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal)
    await closed
  }
  return {
    client: createClient({ baseUrl: address, token, project: 'default' }),
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
