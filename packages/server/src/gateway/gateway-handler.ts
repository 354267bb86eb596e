/**
 * The addresses that an agent's program calls in place of a provider's. Raw `node:http`: at this place a framework costs more
 * than all else.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { BEST_OF_HEADER, bestOfAsked } from './best-of.ts'
import { boundedTraceparent } from './bounded-traceparent.ts'
import { type ActingKey, agentKey, type ServedAgent } from './bundle.ts'
import { chatClient } from './chat-client.ts'
import { chatCompletions } from './chat-request.ts'
import { passEmbeddings } from './embeddings.ts'
import { findConversation } from './find-conversation.ts'
import { GatewayRefusal, sendRefusal } from './openai-error.ts'
import { CONVERSATION_HEADER, headerOf, readBody } from './request-body.ts'
import { requireKey } from './require-key.ts'
import { type MinuteLimit, requireWithin } from './require-within.ts'
import { responses } from './response-request.ts'
import { serveTurn } from './serve-turn.ts'
import type { Spend } from './spend.ts'
import type { TurnParts } from './turn.ts'
import type { Protocol } from './turn-request.ts'

export type GatewayHandler = {
  /** True when the request is the gateway's; it is answered then. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Requests that are not answered yet. */
  readonly underWay: () => number
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
}

export type HandlerParts = TurnParts & {
  readonly spend: Pick<Spend, 'requireLeft' | 'paid'>
  /** Counts the requests of each key. */
  readonly minutes: MinuteLimit
}

/** Before the agent is known, and with it its contract's limit. */
const BODY_BYTES_MAX = 64 << 20
const HEADER_TEXT = /^[\x20-\x7e]+$/

type Route = (
  parts: TurnParts,
  key: ActingKey,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>

export function gatewayHandler(parts: HandlerParts): GatewayHandler {
  const underWay = new Set<Promise<void>>()
  const routes: Readonly<Record<string, Route>> = {
    'POST /v1/chat/completions': turnIn(chatCompletions),
    'POST /v1/responses': turnIn(responses()),
    'POST /v1/embeddings': embeddings,
    'GET /v1/models': models,
  }

  function turnIn(protocol: Protocol): Route {
    return async (own, key, request, response) => {
      const text = await readBody(request, BODY_BYTES_MAX)
      const asked = protocol.read(text, headerOf(request, CONVERSATION_HEADER))
      const agent = requireAgent(own, key, asked.agent)
      requireWithin(agent, key, text, parts.minutes)
      const bestOf = bestOfAsked(headerOf(request, BEST_OF_HEADER), agent, asked, protocol)
      const conversation = await findConversation(own, agent, {
        agentKey: agentKey(key.projectId, asked.agent),
        named: asked.conversation,
        history: asked.history,
        continues: asked.continues,
      })
      const turnId = own.effects.newId()
      const client = chatClient(response, {
        streams: asked.stream,
        streamError: protocol.streamError,
        own: {
          'x-leeway-decision-id': turnId,
          // A header holds less than a name may.
          ...(HEADER_TEXT.test(conversation.id) ? { [CONVERSATION_HEADER]: conversation.id } : {}),
        },
      })
      const traceparent = boundedTraceparent(request.headers.traceparent)
      await serveTurn(own, agent, asked, conversation, { turnId, client, protocol, bestOf, traceparent })
    }
  }

  async function embeddings(
    own: TurnParts,
    key: ActingKey,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const text = await readBody(request, BODY_BYTES_MAX)
    const agent = requireAgent(own, key, readModel(text))
    requireWithin(agent, key, text, parts.minutes)
    await passEmbeddings({ ...own, spend: parts.spend }, agent, text, response)
  }

  /** The agents that the key may be. */
  async function models(own: TurnParts, key: ActingKey, _: IncomingMessage, response: ServerResponse) {
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
          await route(parts, requireKey(parts.enforced().bundle, request), request, response)
        } catch (error) {
          refuse(parts, response, error)
        }
      })()
      underWay.add(work)
      void work.finally(() => underWay.delete(work))
      return true
    },
    underWay: () => underWay.size,
    async idle() {
      await Promise.all(underWay)
    },
  }
}

function requireAgent({ enforced }: TurnParts, { projectId }: ActingKey, name: string): ServedAgent {
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

function readModel(text: string): string {
  try {
    const { model } = JSON.parse(text) as { model?: unknown }
    if (typeof model === 'string') return model
  } catch (error) {
    throw new GatewayRefusal(400, 'invalid_json', 'The body is not JSON.', { cause: error })
  }
  throw new GatewayRefusal(400, 'invalid_model', 'model must name an agent.', { param: 'model' })
}
