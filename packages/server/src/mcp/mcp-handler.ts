/** The addresses of the MCP gate, beside those of the gateway: clients over HTTP, and `leeway mcp` for servers beside a client. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PROBLEM_STATUS, type Problem, type ProblemCode } from '@leeway/contract/problem'
import { GatewayRefusal } from '../gateway/openai-error.ts'
import { headerOf } from '../gateway/request-body.ts'
import { requireKey } from '../gateway/require-key.ts'
import type { Effects } from '../http/environment.ts'
import { type DeskParts, deskRoutes } from './desk-routes.ts'
import { httpSessions, type SessionParts } from './http-sessions.ts'

export type McpHandler = {
  /** True when the request is the gate's; it is answered then. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean
  /** What is enforced was read again. */
  readonly changed: () => void
  /** Ends what clients keep open. */
  readonly letGo: () => Promise<void>
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
}

export type McpHandlerParts = DeskParts &
  SessionParts & {
    readonly effects: Effects
    readonly publicUrl: string | undefined
  }

const SESSION_PATH = /^\/mcp\/([^/]+)\/([^/]+)$/
const DESK_PREFIX = '/v1/mcp/'

export function mcpHandler(parts: McpHandlerParts): McpHandler {
  const sessions = httpSessions(parts)
  const desk = deskRoutes(parts)
  const underWay = new Set<Promise<void>>()

  async function serveSession(
    request: IncomingMessage,
    response: ServerResponse,
    agent: string,
    server: string,
  ): Promise<void> {
    requireOwnPage(request, parts.publicUrl)
    const key = requireKey(parts.enforced().bundle, request)
    await sessions.serve(request, response, key, { agent: decoded(agent), server: decoded(server) })
  }

  async function serveDesk(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = requireKey(parts.enforced().bundle, request)
    const answer = desk.answer(path, request, response, key)
    if (answer === null) throw new GatewayRefusal(404, 'not_found', 'There is nothing at this address.')
    sendJson(response, 200, await answer)
  }

  return {
    handle(request, response) {
      const path = request.url?.split('?', 1)[0] ?? ''
      const [, agent, server] = SESSION_PATH.exec(path) ?? []
      const isSession = agent !== undefined && server !== undefined
      if (!isSession && !path.startsWith(DESK_PREFIX)) return false
      const serving = isSession
        ? serveSession(request, response, agent, server)
        : serveDesk(path, request, response)
      const work = serving.catch((error: unknown) => {
        if (response.destroyed || response.writableEnded) return
        if (response.headersSent) {
          response.destroy()
          return
        }
        if (!(error instanceof GatewayRefusal))
          parts.effects.log.error({ err: error }, 'a request to the MCP gate failed')
        const refusal =
          error instanceof GatewayRefusal
            ? error
            : new GatewayRefusal(500, 'internal', 'The MCP gate failed.', { cause: error })
        refuse(response, refusal, isSession)
      })
      underWay.add(work)
      void work.finally(() => underWay.delete(work))
      return true
    },
    changed() {
      sessions.changed()
      desk.changed()
    },
    async letGo() {
      desk.letGo()
      await sessions.stop()
    },
    async idle() {
      await Promise.all(underWay)
    },
  }
}

/** A page of another site must not speak with a key that somebody left in a browser. Programs send no Origin. */
function requireOwnPage(request: IncomingMessage, publicUrl: string | undefined): void {
  const origin = headerOf(request, 'origin')
  if (origin === undefined) return
  const host = headerOf(request, 'host') ?? ''
  const own = publicUrl === undefined ? `http://${host}` : new URL(publicUrl).origin
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
  if (origin === own && (publicUrl !== undefined || isLoopback)) return
  throw new GatewayRefusal(403, 'foreign_origin', 'This request comes from the page of another site.')
}

/** In the shape that each of the two clients knows how to read. */
function refuse(response: ServerResponse, refusal: GatewayRefusal, isSession: boolean): void {
  if (refusal.retryAfterSeconds !== null) response.setHeader('retry-after', String(refusal.retryAfterSeconds))
  if (refusal.status === 401) response.setHeader('www-authenticate', 'Bearer realm="leeway"')
  sendJson(response, refusal.status, isSession ? protocolError(refusal) : problemOf(refusal))
}

const protocolError = ({ message }: GatewayRefusal) => ({
  jsonrpc: '2.0',
  id: null,
  error: { code: REFUSED, message },
})

function problemOf({ status, message }: GatewayRefusal): Problem {
  const code = (Object.keys(PROBLEM_STATUS) as ProblemCode[]).find((name) => PROBLEM_STATUS[name] === status)
  return {
    type: 'about:blank',
    title: 'Refused',
    status,
    code: code ?? 'internal',
    detail: message,
    hint: '',
    requestId: '',
  }
}

const REFUSED = -32_000

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    throw new GatewayRefusal(400, 'invalid_address', 'The address cannot be read.', { cause: error })
  }
}
