/** For clients that speak stdio only: hands every message to the server that Leeway reaches, where the gate stands, and back. */
import { connectServer } from '@leeway/server/mcp/session/connect-server'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { serverAddress } from '../../server-connection.ts'
import type { McpOptions } from './mcp-options.ts'

const LOST = -32011

export async function relayServer(options: McpOptions): Promise<ExitCode> {
  const { baseUrl, token } = serverAddress(options)
  const address = `${baseUrl}/mcp/${encodeURIComponent(options.agent)}/${encodeURIComponent(options.server)}`
  const headers = {
    'x-leeway-conversation-id': options.conversation,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  const front = new StdioServerTransport()
  /** Requests of the client without an answer; `initialize` tells the version. */
  const pending = new Map<RequestId, string>()
  const lose = (id: RequestId, why: string): void => {
    if (!pending.delete(id)) return
    const message = `Leeway did not answer. Whether it was carried out is not known. ${why}`.trim()
    void front.send({ jsonrpc: '2.0', id, error: { code: LOST, message } })
  }
  const back = connectServer(address, headers, (id) => lose(id, ''))
  front.onmessage = (message: JSONRPCMessage) => {
    if ('method' in message && 'id' in message) pending.set(message.id, message.method)
    back.send(message).catch((error: Error) => {
      if ('method' in message && 'id' in message) lose(message.id, error.message)
    })
  }
  back.onmessage = (message: JSONRPCMessage) => {
    if ('result' in message && pending.get(message.id) === 'initialize')
      back.setProtocolVersion(String((message.result as { protocolVersion?: unknown }).protocolVersion))
    if (!('method' in message) && message.id !== undefined) pending.delete(message.id)
    void front.send(message)
  }
  back.onerror = ({ message }) => {
    process.stderr.write(`leeway mcp: ${message}\n`)
    // The SDK has given up to hear on.
    if (message.startsWith('Maximum reconnection attempts'))
      for (const id of [...pending.keys()]) lose(id, '')
  }
  const ended = new Promise<void>((done) => {
    process.stdin.once('end', done)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })
  await back.start()
  await front.start()
  await ended
  await back.terminateSession().catch(() => {})
  await back.close()
  await front.close()
  return EXIT.ok
}
