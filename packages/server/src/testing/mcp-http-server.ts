/**
 * That server over streamable HTTP on a loopback port.
 *
 *     const shop = await mcpHttpServer()               // afterAll(shop.close)
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { mcpTools } from './mcp-tools.ts'

export type McpHttpServer = {
  readonly url: string
  /** Everything that was carried out. */
  readonly did: string[]
  /** Headers of every request. */
  readonly headers: IncomingMessage['headers'][]
  /** Streams that were opened for what the server says unasked: before that it says it to nobody. */
  readonly streams: () => number
  readonly close: () => Promise<void>
}

export async function mcpHttpServer(): Promise<McpHttpServer> {
  const did: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  let streams = 0
  const server = createServer(async (request, response) => {
    headers.push(request.headers)
    if (request.method === 'GET') streams += 1
    const known = sessions.get(String(request.headers['mcp-session-id']))
    await (known ?? (await begin())).handleRequest(request, response)
  })
  async function begin(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    const tools = mcpTools({
      did: (what) => void did.push(what),
      die: () => server.closeAllConnections(),
    })
    await tools.connect(transport as never)
    return transport
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    did,
    headers,
    streams: () => streams,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
