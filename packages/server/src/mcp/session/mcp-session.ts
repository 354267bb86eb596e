/**
 * One session of an MCP client with one server, and what may pass between them. Knows messages, not how they travel: the same
 * for HTTP and for stdio.
 *
 * Closed     what is not named here is not passed on, in either direction.
 * Decided    calls of tools, reading resources and getting prompts go to the desk first; what is listed is what may be called.
 * Ids        those of the client are used towards the server as well: there is one session for each.
 * The server may ask the client for its roots. What it would have the client's model say (sampling), or its user
 *            (elicitation), nobody would decide about: such capabilities are not told to it, and requests are refused.
 */
import {
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  LATEST_PROTOCOL_VERSION,
  type RequestId,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js'
import {
  callArguments,
  callName,
  type DecidedMethod,
  isDecided,
  releasedParams,
  traceOf,
} from './call-name.ts'
import type { McpDesk, McpOutcome } from './desk.ts'
import { allowedOnly, LISTS, namesIn, offeredCapabilities, toolWords } from './lists.ts'
import { PASSED_REQUESTS, PASSED_TO_CLIENT, PASSED_TO_SERVER } from './passed-on.ts'
import { resultText } from './result-text.ts'
import {
  AWAY_TEXT,
  CANCELLED_TEXT,
  LOST_TEXT,
  NOT_CARRIED_OUT,
  SILENT_TEXT,
  UNWRITTEN_TEXT,
  WAITING_TEXT,
} from './words.ts'

export type McpEnds = {
  /** `relatedTo`: the request of the client that it belongs to. */
  readonly toClient: (message: JSONRPCMessage, relatedTo?: RequestId) => Promise<void>
  /** Rejects when the server cannot be reached. */
  readonly toServer: (message: JSONRPCMessage) => Promise<void>
  /** Both ends have agreed on a version of the protocol. */
  readonly agreed: (protocolVersion: string) => void
}

export type McpSessionOptions = {
  /** As contracts call the server. */
  readonly server: string
  /** How long the server may take for an answer, or between two words of progress. */
  readonly timeoutMs: number
  readonly canonical: (value: Readonly<Record<string, unknown>>) => string
}

export type McpSession = {
  readonly fromClient: (message: JSONRPCMessage) => void
  readonly fromServer: (message: JSONRPCMessage) => void
  /** Other terms hold: the client should list its tools again. */
  readonly changed: () => void
  /** The server answers none of these any more; without an id none at all. */
  readonly serverLost: (id?: RequestId) => void
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
  /** The client has gone. */
  readonly end: () => void
}

type Params = Readonly<Record<string, unknown>>
type Answer = Exclude<JSONRPCMessage, { readonly method: string }>

type Pending = {
  readonly id: RequestId
  readonly method: string
  readonly progressToken: unknown
  /** Aborts when the client waits no more. */
  readonly gone: AbortController
  /** Null until it is released. */
  callId: string | null
  timer: NodeJS.Timeout | undefined
}

/** More than these a server is neither heard on nor asked for. */
const SAYS_MAX = 1_000
const SAYS_NAME_MAX = 200
const ASKED_MAX = 100
const INVALID_REQUEST = -32600
const METHOD_NOT_FOUND = -32601
const INVALID_PARAMS = -32602
/** Of ours: what is refused where a result cannot say so. */
const REFUSED = -32010
const LOST = -32011

/** A client that listens for progress sets its clock back; others give up after a minute. */
const WAIT_MS = 45_000
const WAIT_WITH_PROGRESS_MS = 240_000
const PROGRESS_EVERY_MS = 5_000

export function mcpSession(ends: McpEnds, desk: McpDesk, options: McpSessionOptions): McpSession {
  const pending = new Map<RequestId, Pending>()
  /** What the server says of its tools, by name. */
  const says = new Map<string, string>()
  /** Requests of the server that the client was given. */
  const asked = new Set<RequestId>()
  const underWay = new Set<Promise<void>>()
  let clientHasRoots = false
  let initialized = false

  const run = (work: Promise<void>): void => {
    const guarded = work.catch(() => {
      // The client has gone, or cannot be reached: nobody is left to be told.
    })
    underWay.add(guarded)
    void guarded.finally(() => underWay.delete(guarded))
  }
  const fail = (id: RequestId, code: number, message: string) =>
    ends.toClient({ jsonrpc: '2.0', id, error: { code, message } })
  /** In the form from which a model learns; protocol errors are for what has no such form. */
  const refuse = (one: Pending, text: string, code = REFUSED) =>
    one.method === 'tools/call'
      ? ends.toClient({
          jsonrpc: '2.0',
          id: one.id,
          result: { content: [{ type: 'text', text }], isError: true },
        })
      : fail(one.id, code, text)

  const settle = (one: Pending): void => {
    clearTimeout(one.timer)
    pending.delete(one.id)
  }
  const awaitAnswer = (one: Pending): void => {
    clearTimeout(one.timer)
    one.timer = setTimeout(() => {
      run(ends.toServer(cancelled(one.id, 'it took too long')))
      lose(one)
    }, options.timeoutMs)
  }
  const forward = async (one: Pending, params: Params | undefined): Promise<void> => {
    awaitAnswer(one)
    try {
      await ends.toServer({
        jsonrpc: '2.0',
        id: one.id,
        method: one.method,
        ...(params === undefined ? {} : { params: params as never }),
      })
    } catch {
      lose(one)
    }
  }
  const lose = (one: Pending): void => {
    if (pending.get(one.id) !== one) return
    settle(one)
    const text = one.callId === null ? SILENT_TEXT : LOST_TEXT
    run(finish(one, 'lost', text, () => refuse(one, text, LOST)))
  }
  /** Written down, then told. */
  const finish = async (
    one: Pending,
    outcome: McpOutcome,
    text: string,
    tell: () => Promise<void>,
  ): Promise<void> => {
    if (one.callId !== null)
      try {
        await desk.returned(one.callId, outcome, text)
      } catch {
        if (outcome === 'returned') return refuse(one, UNWRITTEN_TEXT)
      }
    return tell()
  }

  async function decideAndForward(one: Pending, method: DecidedMethod, params: Params): Promise<void> {
    const tool = callName(options.server, method, params)
    const given = callArguments(method, params)
    if (tool === null || given === null || params.task !== undefined) {
      settle(one)
      return fail(one.id, INVALID_PARAMS, `${method} needs a name and an object of arguments, and no task.`)
    }
    const waits = tellOfWaiting(one)
    try {
      const decision = await desk.decide(
        {
          tool,
          argumentsText: options.canonical(given),
          says: says.get(tool) ?? null,
          waitMs: one.progressToken === undefined ? WAIT_MS : WAIT_WITH_PROGRESS_MS,
          traceparent: traceOf(params),
        },
        one.gone.signal,
      )
      if (one.gone.signal.aborted) {
        if (decision.kind === 'release') await desk.returned(decision.callId, 'cancelled', NOT_CARRIED_OUT)
        return
      }
      if (decision.kind === 'refuse') {
        settle(one)
        return refuse(one, decision.text)
      }
      one.callId = decision.callId
      const decided = JSON.parse(decision.argumentsText) as Params
      await forward(one, releasedParams(method, params, decided))
    } catch {
      if (one.gone.signal.aborted || pending.get(one.id) !== one) return
      settle(one)
      return refuse(one, AWAY_TEXT)
    } finally {
      clearInterval(waits)
    }
  }

  /** While somebody thinks. The fractions leave the server room for its own words of progress. */
  function tellOfWaiting(one: Pending): NodeJS.Timeout | undefined {
    if (one.progressToken === undefined) return undefined
    let count = 0
    return setInterval(() => {
      count += 1
      const params = { progressToken: one.progressToken, progress: count / 1e6, message: WAITING_TEXT }
      run(
        ends.toClient(
          { jsonrpc: '2.0', method: 'notifications/progress', params } as JSONRPCNotification,
          one.id,
        ),
      )
    }, PROGRESS_EVERY_MS)
  }

  async function requestFromClient({ id, method, params }: JSONRPCRequest): Promise<void> {
    if (pending.has(id)) return fail(id, INVALID_REQUEST, 'A request with this id is under way.')
    if (method !== 'initialize' && !initialized)
      return fail(id, INVALID_REQUEST, 'The session is not initialized.')
    const one: Pending = {
      id,
      method,
      progressToken: params?._meta?.progressToken,
      gone: new AbortController(),
      callId: null,
      timer: undefined,
    }
    pending.set(id, one)
    if (method === 'initialize') return forward(one, clientParams(params ?? {}))
    if (isDecided(method)) return decideAndForward(one, method, params ?? {})
    if (Object.hasOwn(LISTS, method) || PASSED_REQUESTS.has(method)) return forward(one, params)
    settle(one)
    return fail(id, METHOD_NOT_FOUND, `${method} is not passed on here.`)
  }

  /** What the server is told of the client. */
  function clientParams(params: Params): Params {
    const { roots } = (params.capabilities ?? {}) as Params
    clientHasRoots = roots !== undefined
    return {
      ...params,
      // A version that is not spoken here could hold what is not decided about.
      protocolVersion: SUPPORTED_PROTOCOL_VERSIONS.includes(String(params.protocolVersion))
        ? params.protocolVersion
        : LATEST_PROTOCOL_VERSION,
      capabilities: clientHasRoots ? { roots } : {},
    }
  }

  async function notificationFromClient({ method, params }: JSONRPCNotification): Promise<void> {
    if (PASSED_TO_SERVER.has(method))
      return ends.toServer({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) })
    if (method !== 'notifications/cancelled') return
    const one = pending.get(params?.requestId as RequestId)
    if (one === undefined || one.method === 'initialize') return
    const isForwarded = one.timer !== undefined
    settle(one)
    one.gone.abort(new Error(CANCELLED_TEXT))
    if (isForwarded) run(ends.toServer(cancelled(one.id, CANCELLED_TEXT)))
    return finish(one, 'cancelled', CANCELLED_TEXT, async () => {})
  }

  async function answerFromServer(message: Answer): Promise<void> {
    const one = pending.get(message.id as RequestId)
    // Late, or never asked for. One that is not released yet cannot be answered.
    if (one === undefined || one.timer === undefined) return
    settle(one)
    if (!('result' in message))
      return finish(one, 'returned', `Error: ${message.error.message}`, () =>
        ends.toClient({ jsonrpc: '2.0', id: one.id, error: message.error }),
      )
    if (one.method === 'initialize') return initialize(one, message.result)
    if (Object.hasOwn(LISTS, one.method)) return list(one, message.result)
    return finish(one, 'returned', resultText(message.result), () => ends.toClient(message))
  }

  async function initialize(one: Pending, result: Params): Promise<void> {
    const version = String(result.protocolVersion)
    if (!SUPPORTED_PROTOCOL_VERSIONS.includes(version))
      return fail(one.id, REFUSED, 'The server speaks a version of MCP that is not spoken here.')
    ends.agreed(version)
    initialized = true
    const reads = [`${options.server}:resources/read`, `${options.server}:prompts/get`]
    const offered = await desk.offered(reads).catch(() => new Set<string>())
    await ends.toClient({
      jsonrpc: '2.0',
      id: one.id,
      result: offeredCapabilities(result, options.server, offered) as never,
    })
  }

  async function list(one: Pending, result: Params): Promise<void> {
    const names = namesIn(one.method, options.server, result)
    // No contract names a longer one.
    for (const [tool, text] of toolWords(one.method, options.server, result))
      if (tool.length <= SAYS_NAME_MAX && (says.has(tool) || says.size < SAYS_MAX)) says.set(tool, text)
    let offered: ReadonlySet<string>
    try {
      offered = await desk.offered(names)
    } catch {
      return fail(one.id, REFUSED, 'What may be called is not known at present.')
    }
    await ends.toClient({
      jsonrpc: '2.0',
      id: one.id,
      result: allowedOnly(one.method, options.server, result, offered) as never,
    })
  }

  async function requestFromServer(request: JSONRPCRequest): Promise<void> {
    const { id, method } = request
    if (method === 'ping') return ends.toServer({ jsonrpc: '2.0', id, result: {} })
    if (method !== 'roots/list' || !clientHasRoots || asked.has(id) || asked.size >= ASKED_MAX)
      return ends.toServer({
        jsonrpc: '2.0',
        id,
        error: { code: METHOD_NOT_FOUND, message: `${method} is not passed on here.` },
      })
    asked.add(id)
    return ends.toClient(request, newestForwarded())
  }

  /** What belongs to no request goes on the client's own stream, which may not be open yet. */
  const newestForwarded = (): RequestId | undefined =>
    [...pending.values()].findLast(({ timer }) => timer !== undefined)?.id

  async function notificationFromServer(message: JSONRPCNotification): Promise<void> {
    const { method, params } = message
    if (PASSED_TO_CLIENT.has(method)) return ends.toClient(message)
    if (method !== 'notifications/progress' || params?.progressToken === undefined) return
    const one = [...pending.values()].find(
      ({ progressToken, timer }) => timer !== undefined && progressToken === params.progressToken,
    )
    if (one === undefined) return
    awaitAnswer(one)
    return ends.toClient(message, one.id)
  }

  async function fromClient(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message)) {
      if (message.id !== undefined && asked.delete(message.id)) await ends.toServer(message)
      return
    }
    return 'id' in message ? requestFromClient(message) : notificationFromClient(message)
  }

  async function fromServer(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message)) return answerFromServer(message)
    return 'id' in message ? requestFromServer(message) : notificationFromServer(message)
  }

  return {
    fromClient: (message) => run(fromClient(message)),
    fromServer: (message) => run(fromServer(message)),
    changed() {
      if (initialized) run(ends.toClient({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }))
    },
    serverLost(id) {
      for (const one of [...pending.values()])
        if (one.timer !== undefined && (id === undefined || one.id === id)) lose(one)
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    end() {
      for (const one of [...pending.values()]) {
        settle(one)
        one.gone.abort(new Error('the client has gone'))
        run(finish(one, 'cancelled', CANCELLED_TEXT, async () => {}))
      }
    },
  }
}

const cancelled = (requestId: RequestId, reason: string): JSONRPCMessage => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId, reason },
})
