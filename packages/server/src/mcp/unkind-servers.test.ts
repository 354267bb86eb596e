import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { testGateway } from '../testing/test-gateway.ts'

type Said = { readonly id?: number; readonly method?: string }
const NO_ANSWER = () => {}
/** What the server does with whatever follows `initialize`. */
let then: (response: ServerResponse, said: Said) => void = NO_ANSWER
const unkind = createServer(async (request, response) => {
  const said = await saidIn(request)
  if (said.method === 'initialize')
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's1' }).end(
      answer(said, {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'unkind', version: '1' },
      }),
    )
  else if (said.method === 'notifications/initialized') response.writeHead(202).end()
  else if (request.method === 'GET') response.writeHead(405).end()
  else then(response, said)
})
await new Promise<void>((done) => unkind.listen(0, '127.0.0.1', done))

const database = await testDatabase({ connectionsMax: 16 })
const world = await testGateway(database.db)
afterAll(async () => {
  await world.close()
  await database.close()
  unkind.closeAllConnections()
  await new Promise((done) => unkind.close(done))
})
await world.api('/mcp/servers', {
  name: 'unkind',
  url: `http://127.0.0.1:${(unkind.address() as AddressInfo).port}/mcp`,
})
await world.contract({ tools: [{ name: 'unkind/*', stakes: 'read' }] })
beforeEach(() => {
  then = NO_ANSWER
})

async function saidIn(request: IncomingMessage): Promise<Said> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return pieces.length === 0 ? {} : (JSON.parse(Buffer.concat(pieces).toString()) as Said)
}
const answer = ({ id }: Said, result: object) => JSON.stringify({ jsonrpc: '2.0', id, result })
const connect = async (url: string, key = world.key) => {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp/desk/unkind`), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    }) as never,
  )
  return client
}
const call = (client: Client) => client.callTool({ name: 'find', arguments: {} })

test('a process stops though a server answers neither a call nor the end of a session', async () => {
  const other = await world.another()
  const client = await connect(other.url)
  const reached = new Promise<void>((done) => {
    then = () => done()
  })
  const calling = call(client).catch(() => {})
  await reached
  await other.close()
  await client.close()
  await calling
})

describe('an answer that is too long is lost, and the session goes on', () => {
  const long = 'x'.repeat(40 << 20)
  const content = (text: string) => ({ content: [{ type: 'text', text }] })
  test.each([
    ['as one piece', 'application/json', (said: Said) => [answer(said, content(long))]],
    ['as one event', 'text/event-stream', (said: Said) => ['data: ', answer(said, content(long)), '\n\n']],
  ])('%s', async (_, type, pieces) => {
    const client = await connect(world.url)
    then = (response, said) => {
      response.writeHead(200, { 'content-type': type })
      response.on('error', () => {})
      for (const piece of pieces(said)) response.write(piece)
      response.end()
    }
    expect(await call(client)).toMatchObject({ isError: true })
    then = (response, said) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer(said, content('short')))
    expect(await call(client)).toMatchObject({ content: [{ text: 'short' }] })
    await client.close()
  })

  test('many short events are not', async () => {
    const client = await connect(world.url)
    const note = `data: ${JSON.stringify({
      jsonrpc: '2.0',
      method: 'notifications/message',
      params: { level: 'info', data: 'x'.repeat(1 << 20) },
    })}\r\n\r`
    then = (response, said) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      // The last byte of each event comes with the next one.
      for (let at = 0; at < 40; at++) response.write(`${at === 0 ? '' : '\n'}${note}`)
      response.end(`\ndata: ${answer(said, content('at last'))}\n\n`)
    }
    expect(await call(client)).toMatchObject({ content: [{ text: 'at last' }] })
    await client.close()
  })
})

test('a key has a hundred sessions at most, and others still have theirs', async () => {
  const greedy = await world.server.key(['act'])
  await world.gateway.refresh()
  const begin = async (key: string) => {
    const begun = await fetch(`${world.url}/mcp/desk/unkind`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-11-25',
          capabilities: {},
          clientInfo: { name: 'test', version: '1' },
        },
      }),
    })
    await begun.text()
    return begun.status
  }
  const statuses: number[] = []
  for (let at = 0; at < 101; at++) statuses.push(await begin(greedy))
  expect(statuses.filter((status) => status === 200)).toHaveLength(100)
  expect([statuses.at(-1), await begin(world.key)]).toEqual([503, 200])
})

test('a method with the name of something that every object has is not passed on', async () => {
  const client = await connect(world.url)
  const asked: string[] = []
  then = (response, said) => {
    asked.push(String(said.method))
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer(said, {}))
  }
  const ask = client.request(
    { method: 'constructor' } as never,
    { parse: (value: unknown) => value } as never,
  )
  await expect(ask).rejects.toThrow('is not passed on here')
  expect(asked).toEqual([])
  await client.close()
})
