/** A real server with its own PostgreSQL, and the command line pointed at it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { leeway } from './leeway-process.ts'
import { leewayProgram } from './leeway-program.ts'

/** Its data directory goes away with it. */
export async function startLeewayServer() {
  const dataDir = mkdtempSync(join(tmpdir(), 'leeway-cli-'))
  const server: ChildProcess = spawn(
    process.execPath,
    [...leewayProgram(), 'serve', '--data-dir', dataDir, '--port', '0'],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env.PATH, HOME: process.env.HOME } },
  )
  await new Promise<void>((done, fail) => {
    createInterface(server.stdout as NodeJS.ReadableStream).on('line', (line) => {
      if (line.startsWith('listening on ')) done()
    })
    server.once('exit', (code) => fail(new Error(`the server ended with ${code}`)))
  })
  return {
    run: (...args: readonly string[]) => leeway([...args, '--data-dir', dataDir]),
    stop: async () => {
      const ended = once(server, 'exit')
      server.kill('SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
