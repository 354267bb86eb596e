/** What `leeway mcp` asks about the calls of a server that runs beside it. The session is there, the decision here. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AskMcpOffered, DecideMcpCall, RecordMcpResult } from '@leeway/contract/mcp'
import type { z } from 'zod'
import type { ActingKey } from '../gateway/bundle.ts'
import type { Enforced } from '../gateway/enforced.ts'
import { GatewayRefusal } from '../gateway/openai-error.ts'
import { readBody } from '../gateway/request-body.ts'
import { type MinuteLimit, requireWithin } from '../gateway/require-within.ts'
import type { CallGate, CallPlace } from './call-gate.ts'
import { governedAgent } from './governed-agent.ts'

export type DeskParts = {
  readonly enforced: Enforced
  readonly minutes: MinuteLimit
  readonly gate: CallGate
}

export type DeskRoutes = {
  /** Null where there is no such route. Throws GatewayRefusal. */
  readonly answer: (
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    key: ActingKey,
  ) => Promise<unknown> | null
  /** What is enforced was read again. */
  readonly changed: () => void
  /** Answers whoever waits for other terms. */
  readonly letGo: () => void
}

type Placed = { readonly agent: string; readonly server: string; readonly conversation: string }
const BODY_BYTES_MAX = 16 << 20

export function deskRoutes({ enforced, minutes, gate }: DeskParts): DeskRoutes {
  const waiting = new Set<() => void>()
  let isOver = false

  const lookAgain = (): void => {
    for (const look of [...waiting]) look()
  }
  /** Beside the client is another place than behind an address, whatever name the client gives it. */
  const placeOf = ({ projectId }: ActingKey, { agent, server, conversation }: Placed): CallPlace => ({
    projectId,
    agent,
    conversation,
    place: `mcp:${server}:beside`,
  })

  async function read<Schema extends z.ZodType<Placed>>(
    schema: Schema,
    request: IncomingMessage,
    key: ActingKey,
  ): Promise<z.output<Schema>> {
    const text = await readBody(request, BODY_BYTES_MAX)
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw new GatewayRefusal(400, 'invalid_json', 'The body is not JSON.', { cause: error })
    }
    const parsed = schema.safeParse(value)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new GatewayRefusal(
        400,
        'invalid_body',
        `${issue?.path.join('.') || 'The body'}: ${issue?.message}`,
      )
    }
    requireWithin(governedAgent(enforced().bundle, key.projectId, parsed.data.agent), key, text, minutes)
    return parsed.data
  }

  async function decide(request: IncomingMessage, response: ServerResponse, key: ActingKey) {
    const body = await read(DecideMcpCall, request, key)
    const { server, tool, argumentsText, says, waitSeconds, traceparent } = body
    if (!tool.startsWith(`${server}/`) && !tool.startsWith(`${server}:`))
      throw new GatewayRefusal(400, 'invalid_tool', 'tool must begin with the name of the server.')
    const gone = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) gone.abort(new Error('the client has gone'))
    })
    const call = {
      ...placeOf(key, body),
      tool,
      argumentsText,
      says,
      waitMs: waitSeconds * 1_000,
      traceparent,
    }
    return gate.decide(call, gone.signal)
  }

  async function record(request: IncomingMessage, _: ServerResponse, key: ActingKey) {
    const { callId, outcome, text, ...place } = await read(RecordMcpResult, request, key)
    await gate.returned(placeOf(key, place), { callId, outcome, text })
    return { recorded: true }
  }

  async function offered(request: IncomingMessage, response: ServerResponse, key: ActingKey) {
    const { names, known, waitSeconds, ...rest } = await read(AskMcpOffered, request, key)
    const place = placeOf(key, rest)
    if (known !== undefined && !isOver && gate.terms(place) === known)
      await otherTerms(() => isOver || gate.terms(place) !== known, waitSeconds * 1_000, response)
    return { offered: [...(await gate.offered(place, names))], terms: gate.terms(place) }
  }

  function otherTerms(are: () => boolean, waitMs: number, response: ServerResponse): Promise<void> {
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(look)
        response.off('close', end)
        done()
      }
      const look = () => {
        try {
          if (are()) end()
        } catch {
          // The agent is not governed any more: said when it is asked about.
          end()
        }
      }
      const timer = setTimeout(end, waitMs)
      timer.unref()
      waiting.add(look)
      response.on('close', end)
    })
  }

  const routes: Readonly<
    Record<string, (request: IncomingMessage, response: ServerResponse, key: ActingKey) => Promise<unknown>>
  > = {
    'POST /v1/mcp/decisions': decide,
    'POST /v1/mcp/results': record,
    'POST /v1/mcp/offered': offered,
  }
  return {
    answer: (path, request, response, key) =>
      routes[`${request.method} ${path}`]?.(request, response, key) ?? null,
    changed: lookAgain,
    letGo() {
      isOver = true
      lookAgain()
    },
  }
}
