/** `leeway release watch` as processes, against one real server whose own rounds start and read the watch. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { EXIT } from '../../exit-codes.ts'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })
const server = await startLeewayServer()
const folder = mkdtempSync(join(tmpdir(), 'leeway-watch-'))
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Nothing acts, so that it is completed by what was recorded. */
const LADDER = {
  ...DEFAULT_LADDER,
  stages: DEFAULT_LADDER.stages
    .slice(0, 1)
    .map((stage) => ({ ...stage, gate: { ...stage.gate, margin: 0.1, harmMargin: 0.1 } })),
}
/** Fails at so many of ten. */
async function send(policy: string, name: string, count: number, ofTen: number) {
  const file = join(folder, `${policy}-${name}.jsonl`)
  const lines = Array.from({ length: count }, (_, unit) =>
    JSON.stringify({
      taskKey: `${name}-${unit}`,
      steps: [{ kind: 'assistant', content: `About ${name} ${unit}.` }],
      outcome: { success: (unit * 7) % 10 < ofTen ? 0 : 1 },
    }),
  )
  writeFileSync(file, lines.join('\n'))
  const config = join(folder, `${policy}.json`)
  writeFileSync(config, JSON.stringify({ name: policy }))
  expect(
    await server.run('episode', 'import', file, '--agent', 'desk', '--policy', policy, '--config', config),
  ).toMatchObject({
    code: 0,
  })
}
beforeAll(async () => {
  for (const policy of ['v1', 'v2']) await send(policy, 'old', 200, 2)
  await server.post('/ladders', { agent: 'desk', ladder: LADDER })
  await server.post('/anchors', { agent: 'desk', policy: 'v1', evidence: 'years of use' })
  const { id } = (await server.post('/releases', { agent: 'desk', baseline: 'v1', candidate: 'v2' })) as {
    id: string
  }
  expect(id).not.toBe('')
})
const watch = (...more: readonly string[]) => server.run('release', 'watch', 'desk 1', ...more)

test('before a promotion there is nothing to watch, and it is said why', async () => {
  const { code, stdout } = await watch()
  expect(code).toBe(0)
  expect(stdout).toContain(
    'Only the policy that completed the newest finished release of its agent is watched.',
  )
  expect((await watch('--json')).stdout.trim()).toBe('null')
})

test('a promise that is kept is told with its counts; one that is broken ends as a rollback does', async () => {
  const approved = await server.run('release', 'approve', 'desk 1', '--name', 'Ada', '--reason', 'read it')
  expect(approved).toMatchObject({ code: 0 })
  await expect
    .poll(async () => (await watch()).stdout, { timeout: 60_000, interval: 2_000 })
    .toContain('No alarm about v2')
  await send('v2', 'kept', 100, 2)
  const read = async () => JSON.parse((await watch('--json')).stdout).units as number
  await expect.poll(read, { timeout: 60_000, interval: 2_000 }).toBe(100)
  const kept = await watch()
  expect(kept).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/100 units were read, \d+ of them audited: .*; 30 % was promised at most/),
  })
  await send('v2', 'broken', 300, 9)
  await expect
    .poll(async () => (await watch()).code, { timeout: 60_000, interval: 2_000 })
    .toBe(EXIT.rollback)
  expect((await watch()).stdout).not.toContain('No alarm')
})
