/** `leeway ledger …` and `leeway admin link` as processes, against one real server. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { afterAll, expect, test, vi } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-ledger-cli-'))
const server = await startLeewayServer()
const { address, dataDir, run } = server
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${address}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`,
      'content-type': 'application/json',
      'idempotency-key': `ledger-test-${path}`,
    },
    body: JSON.stringify(body),
  })
}

test('a head kept earlier is still in the chain; an export is checked without a server', async () => {
  const before = (await run('ledger', 'head')).stdout.trim()
  expect(before).toMatch(/^\d+:[0-9a-f]{64}$/)
  const episode = { policyName: 'v1', taskKey: 'a', outcome: 1, steps: [{ kind: 'user', content: 'Hello.' }] }
  writeFileSync(join(folder, 'runs.jsonl'), JSON.stringify(episode))
  expect((await run('episode', 'import', join(folder, 'runs.jsonl'), '--agent', 'desk')).code).toBe(0)
  expect(
    (await post('/api/projects/default/ladders', { agent: 'desk', ladder: DEFAULT_LADDER })).status,
  ).toBe(200)

  const file = join(folder, 'ledger.jsonl')
  const strange = `${before.split(':')[0]}:${'0'.repeat(64)}`
  const [head, verified, unexpected, exported, printed] = await Promise.all([
    run('ledger', 'head', '--json'),
    run('ledger', 'verify', '--expect', before),
    run('ledger', 'verify', '--expect', strange, '--json'),
    run('ledger', 'export', '-o', file),
    run('ledger', 'export'),
  ])
  const { text, seq } = JSON.parse(head.stdout) as { text: string; seq: number }
  expect(seq).toBeGreaterThan(Number(before.split(':')[0]))
  expect(verified).toMatchObject({ code: 0, stderr: '' })
  expect(verified.stdout).toContain(`The ledger is whole: ${seq} entries, head ${text}`)
  expect(verified.stdout).toMatch(/Signed by [0-9a-f]{16}, this server's from entry 1 on\./)
  expect(unexpected.code).toBe(5)
  expect(JSON.parse(unexpected.stdout)).toMatchObject({ intact: false })

  expect(exported.stdout).toContain(`leeway ledger verify --file ${file}`)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(seq + 1)
  expect(printed.stdout.trimEnd().split('\n').slice(1)).toEqual(lines.slice(1))

  const changed = join(folder, 'changed.jsonl')
  writeFileSync(
    changed,
    lines.map((line, index) => (index === 2 ? line.replace('"actor":"', '"actor":"x') : line)).join('\n'),
  )
  const cut = join(folder, 'cut.jsonl')
  writeFileSync(cut, lines.slice(0, -1).join('\n'))
  const [whole, tampered, short] = await Promise.all([
    leeway(['ledger', 'verify', '--file', file, '--expect', text]),
    leeway(['ledger', 'verify', '--file', changed]),
    leeway(['ledger', 'verify', '--file', cut, '--expect', text]),
  ])
  expect(whole).toMatchObject({ code: 0 })
  expect(tampered.code).toBe(5)
  expect(tampered.stdout).toMatch(/The ledger is NOT whole: \d+ entries, \d+ faults\.\n {2}changed: /)
  expect(short.code).toBe(5)
  expect(short.stdout).toContain('truncated: ')
})

test('an admin link works once for whoever holds the data directory; the one before is void', async () => {
  const first = await run('admin', 'link')
  const second = await run('admin', 'link', '--json')
  expect(first.code).toBe(0)
  const [url = '', note] = first.stdout.split('\n')
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/link#[\w-]{43}$/)
  expect(note).toMatch(/^Works once, until .+\. Links made before are void\.$/)
  const link = JSON.parse(second.stdout) as { url: string; expiresAt: string }
  const minutes = (Date.parse(link.expiresAt) - Date.now()) / 60_000
  expect(minutes).toBeGreaterThan(13)
  expect(minutes).toBeLessThanOrEqual(15)
  const inspect = (one: string) =>
    fetch(`${address}/api/links/inspect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: address },
      body: JSON.stringify({ token: one.split('#')[1] }),
    })
  expect((await inspect(url)).status).toBe(410)
  expect((await inspect(link.url)).status).toBe(200)
})

test('no server, or a wrong key: exit 7 and how to go on; a head that is none: exit 2', async () => {
  const [none, silent, stranger, head] = await Promise.all([
    leeway(['ledger', 'head', '--data-dir', join(folder, 'nothing')]),
    leeway(['ledger', 'head', '--url', 'http://127.0.0.1:9']),
    leeway(['ledger', 'head'], { env: { LEEWAY_URL: address, LEEWAY_TOKEN: `lw_${'x'.repeat(43)}` } }),
    run('ledger', 'verify', '--expect', 'latest'),
  ])
  expect(none.code).toBe(7)
  expect(none.stderr).toContain('Start it with: leeway serve')
  expect(silent.code).toBe(7)
  expect(silent.stderr).toContain('The server does not answer')
  expect(stranger.code).toBe(7)
  expect(head.code).toBe(2)
  expect(head.stderr).toContain('expected seq:hash')
  expect(existsSync(join(folder, 'nothing'))).toBe(false)
})
