/** A client that reads slowly slows its model down: nothing of the answer piles up in between. */
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { testGateway } from '../testing/test-gateway.ts'

/** Less than an answer may be long, more than the sockets on the way hold. */
const EVENTS = 440
const WORDS = '~'.repeat(64 << 10)
const EVENT = `data: ${JSON.stringify({ id: 'one', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta: { content: WORDS } }] })}\n\n`
const END = `data: ${JSON.stringify({ id: 'one', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

const database = await testDatabase()
const world = await testGateway(database.db)
let sent = 0
/** As fast as it may, and no faster. */
const model = createServer(async (incoming, response) => {
  incoming.resume()
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (sent = 0; sent < EVENTS; sent++)
    if (!response.write(EVENT)) await new Promise((done) => response.once('drain', done))
  response.end(END)
})
afterAll(async () => {
  model.closeAllConnections()
  model.close()
  await world.close()
  await database.close()
})
beforeAll(async () => {
  await new Promise<void>((done) => model.listen(0, '127.0.0.1', done))
  const { port } = model.address() as AddressInfo
  await world.api('/gateway/upstreams', { name: 'fast', baseUrl: `http://127.0.0.1:${port}/v1` })
  await world.api('/gateway/servings', { agent: 'desk', policy: 'v1', upstream: 'fast', model: 'm' })
  await world.gateway.refresh()
})

test('a model waits for a client that does not read, and the client gets all of it once it does', async () => {
  const answer = await new Promise<IncomingMessage>((done, fail) => {
    const asking = request(
      `${world.url}/v1/chat/completions`,
      { method: 'POST', headers: { authorization: `Bearer ${world.key}` } },
      done,
    )
    asking.on('error', fail)
    asking.end(
      JSON.stringify({ model: 'desk', stream: true, messages: [{ role: 'user', content: 'Tell me all.' }] }),
    )
  })
  let before = -1
  // Until nothing more goes, which is soon.
  await expect
    .poll(
      () => {
        const stands = sent === before
        before = sent
        return stands
      },
      { interval: 300, timeout: 20_000 },
    )
    .toBe(true)
  expect(sent).toBeLessThan(EVENTS)
  let words = 0
  for await (const piece of answer) words += String(piece).split('~').length - 1
  expect(words).toBe(EVENTS * WORDS.length)
}, 60_000)
