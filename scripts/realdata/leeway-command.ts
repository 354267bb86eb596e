/** Runs the real command line, and a real server on a data directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'packages', 'cli', 'src', 'main.ts')
const node = ['--conditions=@leeway/source', '--import', 'tsx', main]

export type Answer = { readonly exit: number; readonly json: unknown; readonly stderr: string }

/** Standard output is parsed as JSON; null when it is none. */
export async function leeway(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const child = spawn(process.execPath, [...node, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exit = await new Promise<number>((done) => child.on('close', (code) => done(code ?? -1)))
  return { exit, json: parse(stdout), stderr }
}

export type LocalServer = {
  readonly environment: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}

export async function startLocalServer(): Promise<LocalServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'leeway-realdata-'))
  const child = spawn(
    process.execPath,
    [...node, 'serve', '--port', '0', '--data-dir', dataDir, '--log-level', 'warn'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await listening(child)
  return {
    environment: { LEEWAY_DATA_DIR: dataDir },
    stop: async () => {
      const ended = new Promise((done) => child.on('close', done))
      child.kill('SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('listening on')) done()
    })
    child.on('close', (code) => fail(new Error(`the server ended with ${code} before it listened`)))
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
