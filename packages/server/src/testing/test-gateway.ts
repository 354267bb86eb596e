/**
 * The gateway on a loopback port before a scripted upstream, with an agent, a contract and a key, for tests that speak as
 * agents do.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WriteContract } from '@leeway/contract/autonomy'
import { deriveKeys } from '../accounts/derived-keys.ts'
import type { Database } from '../db/connect.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../gateway/start-gateway.ts'
import { listen } from '../launch/http-listener.ts'
import type { LedgerSigner } from '../ledger/append.ts'
import { turnCounters } from '../monitoring/turn-counters.ts'
import { type FakeUpstream, fakeUpstream } from './fake-upstream.ts'
import { type TestServer, testServer } from './test-server.ts'

/** One process of it. */
export type OpenGateway = {
  readonly url: string
  readonly gateway: Gateway
  readonly directory: string
  readonly chat: (
    body: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>
  readonly respond: OpenGateway['chat']
  readonly close: () => Promise<void>
}

export type TestGateway = OpenGateway & {
  readonly server: TestServer
  /** Before the same database. */
  readonly another: () => Promise<OpenGateway>
  readonly upstream: FakeUpstream
  /** Serves the candidate. */
  readonly candidateUpstream: FakeUpstream
  /** Has the scope act. */
  readonly key: string
  readonly adminKey: string
  /** Posts to the project with the admin's key; throws what was answered. */
  readonly api: (path: string, json: unknown) => Promise<unknown>
  /** Writes a contract of the agent `desk` and waits until it is enforced. */
  readonly contract: (changes?: Partial<WriteContract>) => Promise<void>
  /** Everything that was served, from the database. */
  readonly turns: () => Promise<readonly TurnRow[]>
}

export type TurnRow = {
  readonly id: string
  readonly role: string
  readonly outcome: string
  readonly conversation: string
  readonly unit_key: string
  readonly decisions: readonly {
    readonly role: string
    readonly outcome: string | null
    readonly hold: string | null
    readonly calls: readonly { readonly tool: string; readonly outcome: string; readonly rule: string }[]
  }[]
}

const SECRET = new Uint8Array(32).fill(7)

export const DESK_TOOLS: WriteContract['tools'] = [
  { name: 'find_*', stakes: 'read' },
  {
    name: 'refund',
    stakes: 'reversible',
    arguments: {
      type: 'object',
      properties: { amount: { type: 'number', maximum: 50 } },
      required: ['amount'],
    },
  },
  { name: 'note', stakes: 'reversible', set: { draft: true } },
]

export async function testGateway(
  db: Database,
  options: Partial<GatewayOptions> & {
    readonly slug?: string
    readonly ledgerSigner?: LedgerSigner
    readonly webhooksPrivate?: boolean
  } = {},
): Promise<TestGateway> {
  const turns = turnCounters()
  const server = await testServer(db, {
    ...(options.slug === undefined ? {} : { slug: options.slug }),
    monitored: async () => [
      { turns: await turns.counted(), upstreams: gateway.upstreams(), spool: gateway.waiting() },
    ],
    webhooksPrivate: options.webhooksPrivate === true,
  })
  const { slug } = server.project
  const upstream = await fakeUpstream()
  const candidateUpstream = await fakeUpstream()
  const adminKey = await server.key(['read', 'ingest', 'release', 'admin'])
  const key = await server.key(['act'])
  const api = async (path: string, json: unknown) => {
    const answer = await server.request(`/api/projects/${slug}${path}`, { token: adminKey, json })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  for (const policy of ['v1', 'v2'])
    await api('/policies', { agent: 'desk', name: policy, config: { prompt: policy } })
  await api('/gateway/upstreams', { name: 'one', baseUrl: upstream.url })
  await api('/gateway/upstreams', { name: 'two', baseUrl: candidateUpstream.url })
  await api('/gateway/servings', { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1' })
  await api('/gateway/servings', {
    agent: 'desk',
    policy: 'v2',
    upstream: 'two',
    model: 'model-2',
    set: { temperature: 0 },
  })
  const { slug: _, webhooksPrivate: __, ledgerSigner = server.effects.ledgerSigner, ...own } = options
  const open = async (): Promise<OpenGateway> => {
    const directory = mkdtempSync(join(tmpdir(), 'leeway-gateway-'))
    const gateway = startGateway(
      { ...server.effects, ledgerSigner },
      {
        sealingKey: deriveKeys(SECRET).sealingKey,
        directory,
        spoolBytesMax: 64 << 20,
        onTurn: turns.count,
        ...own,
      },
    )
    await gateway.refresh()
    const nobody = () => new Response('not the gateway', { status: 404 })
    const listener = await listen(nobody, '127.0.0.1', 0, gateway.handle)
    const post = (path: string, body: Readonly<Record<string, unknown>>, headers = {}) =>
      fetch(`${listener.address}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ model: 'desk', ...body }),
      })
    return {
      url: listener.address,
      gateway,
      directory,
      chat: (body, headers) =>
        post('/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }], ...body }, headers),
      respond: (body, headers) => post('/v1/responses', { input: 'Hi', ...body }, headers),
      close: async () => {
        await listener.drain(100)
        await gateway.stop()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  }
  const first = await open()
  const { gateway } = first
  const contract: TestGateway['contract'] = async (changes = {}) => {
    await api('/contracts', {
      agent: 'desk',
      baseline: 'v1',
      tools: DESK_TOOLS,
      reason: 'for a test',
      ...changes,
    })
    await gateway.refresh()
  }
  await contract()
  return {
    ...first,
    another: open,
    server,
    upstream,
    candidateUpstream,
    key,
    adminKey,
    api,
    contract,
    turns: async () => {
      await gateway.flush()
      const found = await db.$client.query<TurnRow>(
        'select id, role, outcome, conversation, unit_key, decisions from gateway_turns where project_id = $1 order by id',
        [server.project.id],
      )
      return found.rows
    },
    close: async () => {
      await first.close()
      await server.close()
      await upstream.close()
      await candidateUpstream.close()
    },
  }
}
