// A server of our own, with the demo or empty, on a data directory that goes away with it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
// Longer than ever seen, also where others use the machine.
const START_MS_MAX = 240_000

const CLOCK = fileURLToPath(new URL('moved-clock.mjs', import.meta.url))

/**
 * `clockMs`: how far its clock is beside the machine's when it starts; `moveClock` moves one that was started so.
 *
 * @param {{ demo?: boolean, env?: Readonly<Record<string, string>>, clockMs?: number }} [options]
 * @returns {Promise<{ url: string, link: string, dataDir: string, moveClock: (clockMs: number) => Promise<void>, stop: () => Promise<void> }>}
 */
export async function startDemo({ demo = true, env = {}, clockMs } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'leeway-demo-'))
  const program = join(root, 'packages', 'cli', 'bin', 'leeway.js')
  const options = [...(demo ? ['--demo'] : []), '--port', '0', '--data-dir', dataDir]
  const clock = clockMs === undefined ? [] : ['--import', CLOCK]
  const server = spawn(process.execPath, [...clock, program, 'serve', ...options], {
    stdio: ['ignore', 'pipe', 'pipe', ...(clock.length === 0 ? [] : /** @type {const} */ (['ipc']))],
    env: { ...process.env, ...env, ...(clockMs === undefined ? {} : { SHOTS_CLOCK_MS: String(clockMs) }) },
  })
  const moveClock = async (/** @type {number} */ toMs) => {
    const moved = new Promise((resolve) => server.once('message', resolve))
    server.send({ clockMs: toMs })
    await moved
  }
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const stop = async () => {
    server.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    return { ...(await readAddresses(server, ended)), dataDir, moveClock, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * The server prints where it listens and, once, the admin link.
 *
 * @param {import('node:child_process').ChildProcess} server
 * @param {Promise<unknown>} ended
 * @returns {Promise<{ url: string, link: string }>}
 */
function readAddresses(server, ended) {
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const said = []
    let url = ''
    let link = ''
    /** @param {string} line */
    const read = (line) => {
      said.push(line)
      url ||= /https?:\/\/[^\s"/]+/.exec(line)?.[0] ?? ''
      link ||= /https?:\/\/[^\s"]+\/link#[^\s"]+/.exec(line)?.[0] ?? ''
      if (url !== '' && link !== '') resolve({ url, link })
    }
    for (const input of [server.stdout, server.stderr])
      if (input !== null) createInterface({ input }).on('line', read)
    const fail = (/** @type {string} */ why) =>
      reject(new Error(`demo server: ${why}\n${said.slice(-20).join('\n')}`))
    ended.then(() => fail('the demo server stopped before it printed its address and admin link'))
    setTimeout(
      () => fail(`the demo server printed no admin link within ${START_MS_MAX / 1000} s`),
      START_MS_MAX,
    ).unref()
  })
}
