/**
 * Clients of the MCP gate over streamable HTTP: `/mcp/{agent}/{server}`. A session of a client is one session with the server,
 * and lives in this process: who comes to another one is told that it is not known there, and begins anew.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { isInitializeRequest, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { canonicalJson } from '../episodes/canonical-json.ts'
import { type ActingKey, agentKey, type McpServer } from '../gateway/bundle.ts'
import type { Enforced } from '../gateway/enforced.ts'
import { GatewayRefusal } from '../gateway/openai-error.ts'
import { CONVERSATION_HEADER, headerOf, readBody } from '../gateway/request-body.ts'
import { type MinuteLimit, requireWithin } from '../gateway/require-within.ts'
import { nameIn } from '../gateway/turn-request.ts'
import type { Effects } from '../http/environment.ts'
import type { CallGate, CallPlace } from './call-gate.ts'
import { governedAgent } from './governed-agent.ts'
import { keptEvents } from './kept-events.ts'
import { connectServer } from './session/connect-server.ts'
import { type McpSession, mcpSession } from './session/mcp-session.ts'

export type SessionParts = {
  readonly effects: Pick<Effects, 'log'>
  readonly enforced: Enforced
  readonly minutes: MinuteLimit
  readonly gate: CallGate
}

export type HttpSessions = {
  /** Throws GatewayRefusal. */
  readonly serve: (
    request: IncomingMessage,
    response: ServerResponse,
    key: ActingKey,
    address: { readonly agent: string; readonly server: string },
  ) => Promise<void>
  /** What is enforced was read again. */
  readonly changed: () => void
  readonly stop: () => Promise<void>
}

type Session = {
  readonly key: ActingKey
  readonly server: McpServer
  readonly place: CallPlace
  readonly front: StreamableHTTPServerTransport
  readonly passes: McpSession
  /** Never rejects. */
  readonly close: () => Promise<void>
  terms: string
  /** Requests that are open, such as the client's own stream. */
  open: number
  seenMs: number
}

const SESSIONS_MAX = 1_000
const SESSIONS_MAX_EACH_KEY = 100
/** How long a session that ends waits for its server, twice. */
const CLOSE_MS = 2_000
const IDLE_MS = 30 * 60_000
const SWEEP_EVERY_MS = 60_000
const BODY_BYTES_MAX = 64 << 20

export function httpSessions(parts: SessionParts): HttpSessions {
  const { enforced, gate, effects } = parts
  const sessions = new Map<string, Session>()
  const sweep = setInterval(() => {
    for (const session of sessions.values())
      if (session.open === 0 && performance.now() - session.seenMs > IDLE_MS) void session.close()
  }, SWEEP_EVERY_MS)
  sweep.unref()

  async function begin(
    key: ActingKey,
    { agent, server: name }: { readonly agent: string; readonly server: string },
    conversation: string | null,
  ): Promise<Session> {
    const server = enforced().bundle.mcpServers.get(agentKey(key.projectId, name))
    if (server === undefined)
      throw new GatewayRefusal(404, 'server_not_found', `There is no server "${name}" here. Set it first.`)
    const own = [...sessions.values()].filter((session) => session.key.keyId === key.keyId)
    if (sessions.size >= SESSIONS_MAX || own.length >= SESSIONS_MAX_EACH_KEY)
      throw new GatewayRefusal(503, 'too_many_sessions', 'Too many sessions are open.', {
        retryAfterSeconds: 60,
      })
    const id = randomUUID()
    const place: CallPlace = {
      projectId: key.projectId,
      agent,
      conversation: conversation ?? `mcp-${id}`,
      place: `mcp:${name}:${server.id}`,
    }
    const front = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      eventStore: keptEvents(),
    })
    let isAgreed = false
    const back = connectServer(server.url, bearer(server), (request) => passes.serverLost(request))
    const passes = mcpSession(
      {
        toClient: async (message, relatedTo) => {
          await front.send(message, relatedTo === undefined ? undefined : { relatedRequestId: relatedTo })
          // A session that could not begin takes nobody's place.
          if (!isAgreed && 'error' in message) setImmediate(() => void close())
        },
        toServer: (message) => back.send(message),
        agreed: (version) => {
          isAgreed = true
          back.setProtocolVersion(version)
        },
      },
      {
        offered: (names) => gate.offered(place, names),
        decide: (call, signal) => gate.decide({ ...place, ...call }, signal),
        returned: (callId, outcome, text) => gate.returned(place, { callId, outcome, text }),
      },
      { server: name, timeoutMs: server.timeoutMs, canonical: (value) => canonicalJson(value as never) },
    )
    const close = async (): Promise<void> => {
      if (!sessions.delete(id)) return
      try {
        passes.end()
        await orLater(passes.idle())
        await orLater(back.terminateSession())
        await back.close()
        await front.close()
      } catch (error) {
        effects.log.warn({ err: error, server: name }, 'a session with an MCP server did not end well')
      }
    }
    front.onmessage = (message: JSONRPCMessage) => passes.fromClient(message)
    front.onclose = () => void close()
    back.onmessage = (message: JSONRPCMessage) => passes.fromServer(message)
    // Told to the client as the missing answer of its request.
    back.onerror = (error) => effects.log.debug({ err: error, server: name }, 'an MCP server')
    await front.start()
    await back.start()
    const session: Session = {
      key,
      server,
      place,
      front,
      passes,
      close,
      terms: gate.terms(place),
      open: 0,
      seenMs: performance.now(),
    }
    sessions.set(id, session)
    return session
  }

  const known = (
    request: IncomingMessage,
    key: ActingKey,
    { agent, server }: { readonly agent: string; readonly server: string },
  ): Session | null => {
    const id = headerOf(request, 'mcp-session-id')
    if (id === undefined) return null
    const session = sessions.get(id)
    const isOwn =
      session?.key.keyId === key.keyId && session.place.agent === agent && session.server.name === server
    if (session === undefined || !isOwn)
      throw new GatewayRefusal(404, 'session_not_found', 'This session is not known here. Begin another one.')
    return session
  }

  return {
    async serve(request, response, key, address) {
      const agent = governedAgent(enforced().bundle, key.projectId, address.agent)
      const body = request.method === 'POST' ? await readJson(request) : null
      if (body !== null) requireWithin(agent, key, body.text, parts.minutes)
      const conversation = nameIn(headerOf(request, CONVERSATION_HEADER))
      const session =
        known(request, key, address) ??
        (isInitializeRequest(body?.value) ? await begin(key, address, conversation) : null)
      if (session === null)
        throw new GatewayRefusal(400, 'no_session', 'The first request of a session is initialize.')
      session.open += 1
      response.on('close', () => {
        session.open -= 1
        session.seenMs = performance.now()
      })
      await session.front.handleRequest(request, response, body?.value)
    },
    changed() {
      const { bundle } = enforced()
      const keys = new Set([...bundle.keys.values()].map(({ keyId }) => keyId))
      for (const session of sessions.values()) {
        const { key, server, place } = session
        const isGone =
          !keys.has(key.keyId) ||
          bundle.mcpServers.get(agentKey(server.projectId, server.name))?.id !== server.id ||
          !bundle.governed.has(agentKey(place.projectId, place.agent))
        if (isGone) {
          void session.close()
          continue
        }
        const terms = gate.terms(place)
        if (terms === session.terms) continue
        session.terms = terms
        session.passes.changed()
      }
    },
    async stop() {
      clearInterval(sweep)
      await Promise.all([...sessions.values()].map((session) => session.close()))
    },
  }
}

/** A server that does not answer holds up nobody who stops. */
const orLater = (work: Promise<unknown>) => Promise.race([work.catch(() => {}), pause(CLOSE_MS)])

const bearer = ({ key }: McpServer): Readonly<Record<string, string>> =>
  key === null ? {} : { authorization: `Bearer ${key}` }

async function readJson(
  request: IncomingMessage,
): Promise<{ readonly text: string; readonly value: unknown }> {
  const text = await readBody(request, BODY_BYTES_MAX)
  try {
    return { text, value: JSON.parse(text) as unknown }
  } catch (error) {
    throw new GatewayRefusal(400, 'invalid_json', 'The body is not JSON.', { cause: error })
  }
}
