/** A real server on a database of the run's PostgreSQL, and the command line pointed at it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { testDatabase } from '@leeway/server/testing/database'
import { leeway } from './leeway-process.ts'
import { leewayProgram } from './leeway-program.ts'

/** Its data directory goes away with it. `settings`: variables of its environment. */
export async function startLeewayServer(settings: Readonly<Record<string, string>> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'leeway-cli-'))
  const database = await testDatabase({ connectionsMax: 1 })
  const server: ChildProcess = spawn(
    process.execPath,
    [...leewayProgram(), 'serve', '--data-dir', dataDir, '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: database.url, ...settings },
    },
  )
  const address = await new Promise<string>((done, fail) => {
    createInterface(server.stdout as NodeJS.ReadableStream).on('line', (line) => {
      if (line.startsWith('listening on ')) done(line.slice('listening on '.length))
    })
    server.once('exit', (code) => fail(new Error(`the server ended with ${code}`)))
  })
  return {
    address,
    dataDir,
    /** As the operator, who may also answer. */
    post: async (path: string, json: object): Promise<unknown> => {
      const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()
      const answer = await fetch(`${address}/api/projects/default${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(json),
      })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    run: (...args: readonly string[]) => leeway([...args, '--data-dir', dataDir]),
    stop: async () => {
      const ended = once(server, 'exit')
      server.kill('SIGTERM')
      await ended
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
