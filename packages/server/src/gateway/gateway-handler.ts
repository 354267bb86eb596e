/**
 * The addresses that an agent's program calls in place of a provider's. Raw `node:http`: at this place a framework costs more
 * than all else.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sha256Hex } from '../accounts/key-ring.ts'
import { type ActingKey, agentKey, type Bundle, type ServedAgent } from './bundle.ts'
import { passedHeaders } from './call-upstream.ts'
import { chatClient } from './chat-client.ts'
import { readChatRequest } from './chat-request.ts'
import { GatewayRefusal, sendRefusal } from './openai-error.ts'
import { readBody } from './request-body.ts'
import { type ChatParts, serveChat } from './serve-chat.ts'
import { setMembers } from './set-members.ts'

export type GatewayHandler = {
  /** True when the request is the gateway's; it is answered then. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
}

export type HandlerParts = Omit<ChatParts, 'enforced'> & {
  readonly bundle: () => Bundle | null
}

/** Before the agent is known, and with it its contract's limit. */
const BODY_BYTES_MAX = 64 << 20
const CONVERSATION_HEADER = 'x-leeway-conversation-id'
const HEADER_TEXT = /^[\x20-\x7e]+$/

type Route = (
  parts: ChatParts,
  key: ActingKey,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>

export function gatewayHandler(parts: HandlerParts): GatewayHandler {
  const minutes = minuteLimit()
  const underWay = new Set<Promise<void>>()
  const chatParts: ChatParts = {
    ...parts,
    enforced: () => {
      const bundle = parts.bundle()
      if (bundle === null)
        throw new GatewayRefusal(503, 'starting', 'The gateway has not read what it enforces yet.', {
          retryAfterSeconds: 1,
        })
      return { bundle, outOfTouch: performance.now() > bundle.validUntilMs }
    },
  }
  const routes: Readonly<Record<string, Route>> = {
    'POST /v1/chat/completions': chat,
    'POST /v1/embeddings': embeddings,
    'GET /v1/models': models,
  }

  async function chat(own: ChatParts, key: ActingKey, request: IncomingMessage, response: ServerResponse) {
    const text = await readBody(request, BODY_BYTES_MAX)
    const asked = readChatRequest(text, headerOf(request, CONVERSATION_HEADER))
    const agent = requireAgent(own, key, asked.agent)
    requireWithin(agent, key, text, minutes)
    const conversation = own.conversations.find({
      agentKey: agentKey(key.projectId, asked.agent),
      named: asked.conversation,
      history: asked.history,
    })
    const turnId = own.effects.newId()
    const client = chatClient(response, {
      streams: asked.stream,
      own: {
        'x-leeway-decision-id': turnId,
        // A header holds less than a name may.
        ...(HEADER_TEXT.test(conversation.id) ? { [CONVERSATION_HEADER]: conversation.id } : {}),
      },
    })
    await serveChat(own, agent, asked, conversation, { turnId, client })
  }

  /** Acts on nothing and says nothing: passed on as it is. */
  async function embeddings(
    own: ChatParts,
    key: ActingKey,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const text = await readBody(request, BODY_BYTES_MAX)
    const agent = requireAgent(own, key, readModel(text))
    requireWithin(agent, key, text, minutes)
    const { baseline } = agent
    const client = chatClient(response, { streams: false, own: {} })
    const { status, headers, body } = await own.upstreams.call(baseline, '/embeddings', {
      body: setMembers(text, { model: baseline.model }),
      signal: client.gone(),
      headers: {},
    })
    response.writeHead(status, { ...passedHeaders(headers), 'content-type': 'application/json' })
    body.on('error', () => response.destroy())
    body.pipe(response)
  }

  /** The agents that the key may be. */
  async function models(own: ChatParts, key: ActingKey, _: IncomingMessage, response: ServerResponse) {
    const agents = [...own.enforced().bundle.agents.values()].filter(
      ({ projectId }) => projectId === key.projectId,
    )
    const data = agents.map(({ name, contract }) => ({
      id: name,
      object: 'model',
      created: Math.floor(Date.parse(contract.issuedAt) / 1000),
      owned_by: 'leeway',
    }))
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ object: 'list', data }))
  }

  return {
    handle(request, response) {
      const path = request.url?.split('?', 1)[0] ?? ''
      const route = routes[`${request.method} ${path}`]
      if (route === undefined) return false
      const work = (async () => {
        try {
          await route(chatParts, requireKey(chatParts, request), request, response)
        } catch (error) {
          refuse(parts, response, error)
        }
      })()
      underWay.add(work)
      void work.finally(() => underWay.delete(work))
      return true
    },
    async idle() {
      await Promise.all(underWay)
    },
  }
}

function requireKey({ enforced }: ChatParts, { headers }: IncomingMessage): ActingKey {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const key = token === undefined ? undefined : enforced().bundle.keys.get(sha256Hex(token))
  if (key === undefined || (key.expiresAtMs !== null && key.expiresAtMs <= Date.now()))
    throw new GatewayRefusal(
      401,
      'invalid_api_key',
      'The key in the Authorization header is unknown, revoked, expired, or not for acting. Send "Authorization: Bearer lw_…" with a key that has the scope act.',
    )
  return key
}

function requireAgent({ enforced }: ChatParts, { projectId }: ActingKey, name: string): ServedAgent {
  const { bundle } = enforced()
  const key = agentKey(projectId, name)
  const agent = bundle.agents.get(key)
  if (agent !== undefined) return agent
  const why = bundle.unserved.get(key)
  throw new GatewayRefusal(
    why === undefined ? 404 : 503,
    why === undefined ? 'model_not_found' : 'agent_not_served',
    `The agent "${name}" is not served here. ${why ?? 'The name in model must be that of an agent with a contract.'}`,
    { param: 'model' },
  )
}

function requireWithin(
  { contract: { limits } }: ServedAgent,
  { keyId }: ActingKey,
  text: string,
  minutes: ReturnType<typeof minuteLimit>,
): void {
  if (Buffer.byteLength(text) > limits.bodyBytesMax)
    throw new GatewayRefusal(
      413,
      'request_too_large',
      `The body is larger than ${limits.bodyBytesMax} bytes, which the agent's contract allows.`,
    )
  const wait = minutes.take(keyId, limits.requestsPerMinute)
  if (wait !== null)
    throw new GatewayRefusal(
      429,
      'rate_limit_exceeded',
      `More than ${limits.requestsPerMinute} requests a minute with this key.`,
      {
        retryAfterSeconds: wait,
      },
    )
}

/** Counts by whole minutes. `take` answers the seconds to wait when there were too many. */
function minuteLimit() {
  let minute = 0
  let counts = new Map<string, number>()
  return {
    take(key: string, max: number): number | null {
      const nowMs = performance.now()
      const present = Math.floor(nowMs / 60_000)
      if (present !== minute) {
        minute = present
        counts = new Map()
      }
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return count > max ? Math.ceil(((present + 1) * 60_000 - nowMs) / 1000) : null
    },
  }
}

function refuse({ effects }: HandlerParts, response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.writableEnded) return
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (!(error instanceof GatewayRefusal)) effects.log.error({ err: error }, 'a request to the gateway failed')
  sendRefusal(
    response,
    error instanceof GatewayRefusal ? error : new GatewayRefusal(500, 'internal', 'The gateway failed.'),
  )
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

function readModel(text: string): string {
  try {
    const { model } = JSON.parse(text) as { model?: unknown }
    if (typeof model === 'string') return model
  } catch (error) {
    throw new GatewayRefusal(400, 'invalid_json', 'The body is not JSON.', { cause: error })
  }
  throw new GatewayRefusal(400, 'invalid_model', 'model must name an agent.', { param: 'model' })
}
