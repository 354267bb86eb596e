/** `leeway incident …` as processes, against one real server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const server = await startLeewayServer()
const folder = mkdtempSync(join(tmpdir(), 'leeway-incident-'))
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

test('an episode is reported, found in the list, shown with what was frozen, and closed', async () => {
  const file = join(folder, 'runs.jsonl')
  const steps = [{ kind: 'assistant', content: 'I have refunded it twice.' }]
  writeFileSync(file, `${JSON.stringify({ taskKey: 'order-1', steps })}\n`)
  await server.run('episode', 'import', file, '--agent', 'desk', '--policy', 'v1')
  const [episode] = JSON.parse((await server.run('episode', 'list', '--json')).stdout).items as {
    readonly id: string
  }[]
  const half = await server.run(
    ...['incident', 'report', episode?.id ?? '', '--severity', 'minor', '--reason', 'it paid twice'],
    ...['--question', 'root'],
  )
  expect(half.stderr).toContain('Give all three, or none.')
  const wrong = await server.run(
    ...['incident', 'report', episode?.id ?? '', '--severity', 'awful', '--reason', 'it paid twice'],
  )
  expect(wrong.stderr).toContain('Allowed choices are minor, major, critical')
  const reported = await server.run(
    ...['incident', 'report', episode?.id ?? '', '--severity', 'major', '--reason', 'it paid twice'],
  )
  expect(reported.stdout).toContain('v1 was in no release, so there was nothing to roll back.')
  const id = /major incident (\S+),/.exec(reported.stdout)?.[1] ?? ''
  expect((await server.run('incident', 'list', '--state', 'open')).stdout).toContain(id)
  const shown = JSON.parse((await server.run('incident', 'show', id, '--json')).stdout)
  expect(shown.frozen.served.policy).toBe('v1')
  const closed = await server.run('incident', 'close', id, '--reason', 'the money came back')
  expect(closed.stdout).toMatch(/Closed by .*: the money came back/)
  expect((await server.run('incident', 'list', '--state', 'open')).stdout).toContain('None.')
})
