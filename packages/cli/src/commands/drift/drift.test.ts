/** `leeway drift …` as processes, against one real server. */
import { afterAll, expect, test, vi } from 'vitest'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const server = await startLeewayServer()
afterAll(server.stop)

test('what is known is shown, and the limit is set, refused and taken away', async () => {
  const before = await server.run('drift', 'show')
  expect(before.stdout).toContain('No agent was read yet')
  expect(before.stdout).toContain('more than 10 % are unlike')
  expect((await server.run('drift', 'limit', '0.01')).stderr).toContain('chance alone comes near less')
  expect((await server.run('drift', 'limit', '0.2')).stdout).toContain('more than 20 % are unlike')
  expect((await server.run('drift', 'limit', 'none')).stdout).toContain('Nobody is alerted.')
  expect(JSON.parse((await server.run('drift', 'show', '--json')).stdout)).toMatchObject({ shareMax: null })
})
