import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { sampleEpisode, sampleStep } from './sample-episode.ts'

// The real command in a process of its own, against the real server.
const database = await testDatabase()
const server = await testServer(database.db)
const token = await server.key(['read', 'ingest', 'admin'])
const folder = mkdtempSync(join(tmpdir(), 'leeway-cli-'))
afterAll(async () => {
  await server.close()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Each start of the command compiles it anew. */
const SLOW = 300_000
const cli = (path: string) => fileURLToPath(new URL(`../../../cli/${path}`, import.meta.url))
/** As `npm test` has just built it, else from its sources. */
const PROGRAM =
  process.env.LEEWAY_BUILT === '1'
    ? [cli('bin/leeway.js')]
    : ['--conditions=@leeway/source', '--import', 'tsx', cli('src/main.ts')]

function leeway(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [...PROGRAM, ...args], {
      env: { PATH: process.env.PATH ?? '', LEEWAY_URL: server.url, LEEWAY_TOKEN: token, ...env },
    })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (piece) => {
      said.stdout += piece
    })
    child.stderr.on('data', (piece) => {
      said.stderr += piece
    })
    child.on('close', (code) => resolve({ code, ...said }))
  })
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const hundred = Array.from({ length: 100 }, (_, number) =>
  episodeLine(
    sampleEpisode(number, { outcome: { success: number < 73 ? 1 : 0, severe: false, detail: null } }),
  ),
).join('\n')

test(
  'a file is imported, and once only; list, show and erase follow',
  async () => {
    const path = file('runs.jsonl.gz', gzipSync(hundred))
    const first = await leeway(['episode', 'import', path, '--agent', 'retail', '--policy', 'tool-calling'])
    expect(first).toEqual({
      code: 0,
      stdout: '100 episodes added, 0 already known, 0 refused. Success rate 0.73 (73 of 100).\n',
      stderr: '',
    })
    const renamed = file('renamed.jsonl', hundred)
    const second = await leeway([
      'episode',
      'import',
      renamed,
      '--agent',
      'retail',
      '--policy',
      'tool-calling',
      '--json',
    ])
    expect(second.code).toBe(0)
    expect(JSON.parse(second.stdout)).toMatchObject({ added: 0, known: 100, refused: 0, successes: 73 })

    const list = await leeway(['episode', 'list', '--policy', 'tool-calling', '--limit', '2', '--json'])
    const page = JSON.parse(list.stdout) as { items: { id: string }[] }
    expect(page.items).toHaveLength(2)
    const id = page.items[0]!.id
    const show = await leeway(['episode', 'show', id])
    expect(show.stdout).toContain('retail / tool-calling')
    expect(show.stdout).toContain('#2  user')
    const erase = await leeway(['episode', 'erase', id, '--reason', 'asked for'])
    expect(erase).toMatchObject({ code: 0, stderr: '' })
    const gone = await server.request(`/api/projects/default/episodes/${id}`, { token })
    expect(gone.status).toBe(410)
  },
  SLOW,
)

test('some refused: exit 6, each with file, line and reason; none readable: exit 2', async () => {
  const mixed = file('mixed.jsonl', `${episodeLine(sampleEpisode(1))}\n{"steps": 1}\n`)
  const partial = await leeway(['episode', 'import', mixed, '--agent', 'a', '--policy', 'p'])
  expect(partial.code).toBe(6)
  expect(partial.stdout).toContain('1 episode added, 0 already known, 1 refused.')
  expect(partial.stderr).toContain(`${mixed}:2 steps: `)
  const none = await leeway(['episode', 'import', file('none.txt', 'hello\n'), '--agent', 'a'])
  expect(none.code).toBe(2)
  expect(await leeway(['episode', 'import', join(folder, 'missing'), '--agent', 'a'])).toMatchObject({
    code: 2,
  })
})

test(
  'a configuration declares the policy',
  async () => {
    const runs = file('declared.jsonl', episodeLine(sampleEpisode(5)))
    const config = file('policy.yaml', 'model: m\ntemperature: 0\n')
    const done = await leeway([
      'episode',
      'import',
      runs,
      '--agent',
      'a',
      '--policy',
      'v1',
      '--config',
      config,
    ])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    const list = await server.request('/api/projects/default/episodes?policy=v1', { token })
    expect(await list.json()).toMatchObject({ items: [{ policyDeclared: true }] })
  },
  SLOW,
)

test(
  'hostile text does not reach the terminal raw',
  async () => {
    const codes = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e'
    const hostile = sampleEpisode(9, {
      instructions: `Look ${codes}`,
      steps: [
        sampleStep(0, {
          kind: 'tool_call',
          name: `t${codes}`,
          content: { [codes]: codes },
          error: codes,
        }),
      ],
    })
    const path = file('hostile.jsonl', `${episodeLine(hostile)}\n{"steps":[{"kind":"${'\\u001b[2J'}"}]}\n`)
    const done = await leeway(['episode', 'import', path, '--agent', 'a', '--policy', 'hostile'])
    const table = await leeway(['episode', 'list', '--policy', 'hostile'])
    const id = /[0-9a-f-]{36}/.exec(table.stdout)![0]
    const show = await leeway(['episode', 'show', id])
    expect(show.stdout).toContain('owned')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/
    for (const said of [done, table, show]) expect(said.stdout + said.stderr).not.toMatch(control)
  },
  SLOW,
)

test(
  'nobody there, or no right to: exit 7',
  async () => {
    const silent = await leeway(['episode', 'list'], { LEEWAY_URL: 'http://127.0.0.1:9' })
    expect(silent).toMatchObject({ code: 7, stdout: '' })
    expect(await leeway(['episode', 'list', '--data-dir', folder], { LEEWAY_URL: '' })).toMatchObject({
      code: 7,
    })
  },
  SLOW,
)
