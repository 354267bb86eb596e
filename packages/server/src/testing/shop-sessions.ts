/** Clients of the SDK that reach a shop's MCP server through the gate of a gateway. */
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { mcpHttpServer } from './mcp-http-server.ts'
import type { TestGateway } from './test-gateway.ts'

export const SHOP_TERMS = [
  { name: 'shop/find_*', stakes: 'read' as const },
  {
    name: 'shop/refund',
    stakes: 'reversible' as const,
    arguments: {
      type: 'object',
      properties: { amount: { type: 'number', maximum: 50 } },
      required: ['amount'],
    },
  },
  { name: 'shop/note', stakes: 'reversible' as const, set: { draft: true } },
  { name: 'shop/wire_money', stakes: 'irreversible' as const },
]

const SHOP_PATH = '/mcp/desk/shop'

export async function shopSessions(world: TestGateway) {
  const shop = await mcpHttpServer()
  const clients: Client[] = []
  const { id: providerKeyId } = (await world.api('/provider-keys', {
    provider: 'openai',
    name: 'shop',
    secret: 'shop-secret',
  })) as { readonly id: string }
  await world.api('/mcp/servers', { name: 'shop', url: shop.url, providerKeyId })
  await world.contract({ tools: SHOP_TERMS })
  async function connect({
    key = world.key,
    path = SHOP_PATH,
    url = world.url,
    headers = {},
  }: {
    readonly key?: string
    readonly path?: string
    readonly url?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {}): Promise<Client> {
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities: { roots: {}, sampling: {}, elicitation: {} } },
    )
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///home' }] }))
    const streams = shop.streams()
    let listens = () => {}
    const listening = new Promise<void>((done) => {
      listens = done
    })
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${url}${path}`), {
        requestInit: { headers: { authorization: `Bearer ${key}`, ...headers } },
        async fetch(at, init) {
          const answer = await fetch(at, init)
          if (init?.method === 'GET') listens()
          return answer
        },
      }) as never,
    )
    clients.push(client)
    // Both open a stream behind their backs for what the other end says unasked. What is said before is lost.
    await listening
    if (path === SHOP_PATH) while (shop.streams() === streams) await pause(5)
    return client
  }
  return {
    shop,
    connect,
    call: async (client: Client, name: string, given: Record<string, unknown> = {}) => {
      const { isError, content } = (await client.callTool({ name, arguments: given })) as Said
      return { isError: isError === true, text: content.map(({ text }) => text).join() }
    },
    closeClients: () => Promise.all(clients.map((client) => client.close())),
  }
}

type Said = { readonly isError?: boolean; readonly content: readonly { readonly text: string }[] }
