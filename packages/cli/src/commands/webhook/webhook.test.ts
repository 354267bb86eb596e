/** `leeway webhook …` as processes, against one real server and a receiver over real HTTP. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
let status = 204
const receiver = createServer((_, response) => response.writeHead(status).end())
await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
const server = await startLeewayServer({ LEEWAY_WEBHOOKS_PRIVATE: 'yes' })
afterAll(async () => {
  await server.stop()
  await new Promise((done) => receiver.close(done))
})

test('a webhook is added, tried, listed, renewed and removed', async () => {
  const added = await server.run('webhook', 'add', url, '--events', 'hold.opened,halt.set')
  expect(added.stdout).toMatch(/whsec_\S{40,}/)
  const id = /Added (\S+)\./.exec(added.stdout)?.[1] ?? ''
  expect((await server.run('webhook', 'list')).stdout).toMatch(/hold\.opened, halt\.set +nothing sent yet/)
  expect((await server.run('webhook', 'test', id)).stdout).toMatch(/It was taken: 204 after \d+ ms/)
  expect((await server.run('webhook', 'list')).stdout).toMatch(/arrives/)
  expect((await server.run('webhook', 'rotate', id)).stdout).toMatch(/whsec_/)
  status = 500
  const failed = await server.run('webhook', 'test', id)
  expect(failed.code).not.toBe(0)
  expect(failed.stderr).toContain('It answered 500.')
  await server.run('webhook', 'remove', id)
  expect((await server.run('webhook', 'list')).stdout).toContain('None yet')
  const wrong = await server.run('webhook', 'add', url, '--events', 'everything')
  expect(wrong.stderr).toContain('is none of hold.opened')
})
