/**
 * The places that `bench/gateway.ts` measures, all but the peer, each in a process of its own: it says its address, and a key where it takes one.
 */
import { generateKeyPairSync, randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { deriveKeys } from '@leeway/server/accounts/derived-keys'
import { issueLocalAdminToken } from '@leeway/server/accounts/local-admin-token'
import { connect } from '@leeway/server/db/connect'
import { migrate } from '@leeway/server/db/migrate'
import { startGateway } from '@leeway/server/gateway/start-gateway'
import { createApp } from '@leeway/server/http/app'
import { drawAhead } from '@leeway/server/launch/draw-ahead'
import { listen } from '@leeway/server/launch/http-listener'
import { idsInOrder } from '@leeway/server/launch/ids-in-order'
import { startServer } from '@leeway/server/main'
import { createProject } from '@leeway/server/projects/create-project'
import { readSettings } from '@leeway/server/settings/settings'
import pino from 'pino'
import { Agent, request } from 'undici'
import { v7 } from 'uuid'

const { values: flags } = parseArgs({
  options: {
    place: { type: 'string', default: '' },
    upstream: { type: 'string', default: '' },
    database: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
  },
})

const HEAD = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'model-1' }
const CALL = { id: 'call_1', type: 'function', function: { name: 'find_order', arguments: '{"id":"1234"}' } }
const WHOLE = JSON.stringify({
  ...HEAD,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'I look it up.', tool_calls: [CALL] },
      finish_reason: 'tool_calls',
      logprobs: null,
    },
  ],
  usage: { prompt_tokens: 60, completion_tokens: 20, total_tokens: 80 },
})
const chunk = (delta: unknown, finish: string | null = null) =>
  `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const EVENTS = [
  chunk({ role: 'assistant', content: '' }),
  ...Array.from({ length: 20 }, (_, at) => chunk({ content: at === 0 ? 'It' : ' word' })),
  chunk({}, 'stop'),
  'data: [DONE]\n\n',
]

async function upstream(): Promise<void> {
  await serve((incoming, response) => {
    const pieces: Buffer[] = []
    incoming.on('data', (piece: Buffer) => pieces.push(piece))
    incoming.on('end', () => {
      if (!Buffer.concat(pieces).includes('"stream":true')) {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(WHOLE) })
          .end(WHOLE)
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const event of EVENTS) response.write(event)
      response.end()
    })
  })
}

/** The least that passes a call on: reads the body, and forwards what comes. */
async function raw(upstreamUrl: string): Promise<void> {
  const dispatcher = new Agent({ connections: 512 })
  await serve(async (incoming, response) => {
    const pieces: Buffer[] = []
    for await (const piece of incoming) pieces.push(piece as Buffer)
    const answer = await request(`${upstreamUrl}${incoming.url}`, {
      dispatcher,
      method: 'POST',
      body: Buffer.concat(pieces),
      headers: { 'content-type': 'application/json' },
    })
    response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] as string })
    answer.body.pipe(response)
  })
}

async function serve(handler: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<void> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  console.log(`http://127.0.0.1:${(server.address() as { port: number }).port}`)
}

async function leeway(durable: boolean): Promise<void> {
  await migrate(flags.database)
  const { privateKey } = generateKeyPairSync('ed25519')
  const drawn = drawAhead(randomFillSync)
  const effects = {
    db: connect(flags.database, { connectionsMax: 10 }),
    now: () => new Date(),
    newId: idsInOrder(Date.now, drawn),
    randomBytes: drawn,
    ledgerSigner: { keyId: durable ? 'bench' : 'bench-2', privateKey },
    log: pino({ level: 'silent' }),
  }
  const secretsKey = new Uint8Array(32).fill(1)
  const { token, sha256 } = issueLocalAdminToken(effects)
  const app = createApp(effects, { secretsKey, localAdminTokenSha256: sha256 })
  const slug = durable ? 'bench' : 'bench-2'
  await createProject(effects, { slug, name: 'Bench' }, { actor: 'bench' })
  const gateway = startGateway(effects, {
    sealingKey: deriveKeys(secretsKey).sealingKey,
    directory: flags.folder,
    spoolBytesMax: 4 * 2 ** 30,
    durable,
  })
  const { address } = await listen(app.fetch, '127.0.0.1', 0, gateway.handle)
  const key = await serveDesk(address, token, slug)
  await gateway.refresh()
  console.log(`${address} ${key}`)
}

/** The server as its command starts it, with two processes that serve agents. */
async function leewayByTwo(): Promise<void> {
  const dataDir = flags.folder
  const { settings } = readSettings(
    { dataDir, port: '0', gatewayPort: '0', logLevel: 'error' },
    { DATABASE_URL: flags.database, LEEWAY_GATEWAY_PROCESSES: '2' },
  )
  const server = await startServer({ settings })
  if (server.kind !== 'started' || server.gatewayAddress === undefined) throw new Error('it did not start')
  // Whoever measures ends this process; those beside it end with it.
  const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()
  const key = await serveDesk(server.address, token, 'default')
  // By then each has heard of the contract.
  await pause(3_000)
  console.log(`${server.gatewayAddress} ${key}`)
}

/** An agent with a contract, in this project. Answers its key. */
async function serveDesk(address: string, token: string, slug: string): Promise<string> {
  const api = async (path: string, body: unknown) => {
    const answer = await fetch(`${address}/api/projects/${slug}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': v7(),
      },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return answer.json()
  }
  await api('/policies', { agent: 'desk', name: 'v1', config: { model: 'model-1' } })
  await api('/gateway/upstreams', { name: 'one', baseUrl: `${flags.upstream}/v1` })
  await api('/gateway/servings', { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1' })
  const schema = { type: 'object', properties: { id: { type: 'string', maxLength: 20 } }, required: ['id'] }
  await api('/contracts', {
    agent: 'desk',
    baseline: 'v1',
    tools: [{ name: 'find_order', stakes: 'read', arguments: schema }],
    limits: { requestsPerMinute: 1_000_000 },
    reason: 'to measure it',
  })
  const { key } = (await api('/keys', { name: 'agent', scopes: ['act'], expiresInDays: null })) as {
    key: string
  }
  return key
}

const places: Readonly<Record<string, () => Promise<void>>> = {
  upstream,
  raw: () => raw(flags.upstream),
  leeway: () => leeway(true),
  'leeway-memory': () => leeway(false),
  'leeway-two': leewayByTwo,
}
await places[flags.place]?.()
