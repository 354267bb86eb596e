/** Sends a request to an upstream. `undici` and not `fetch`, which takes ten times as long. */
import type { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import { ANSWER_BYTES_MAX } from './answer-bytes.ts'
import type { Serving } from './bundle.ts'
import { GatewayRefusal } from './openai-error.ts'

export type UpstreamAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

export type WholeAnswer = Omit<UpstreamAnswer, 'body'> & { readonly body: Buffer }

export type UpstreamCall = {
  readonly body: string
  readonly accept: 'application/json' | 'text/event-stream'
  /** It may have an effect, and must not have it twice. */
  readonly once?: boolean
}

export type Upstreams = {
  /** Resolves when the answer begins. Throws GatewayRefusal when there is none. */
  readonly call: (
    serving: Serving,
    path: string,
    init: UpstreamCall & { readonly signal: AbortSignal },
  ) => Promise<UpstreamAnswer>
  /** Resolves when the answer has come. Throws GatewayRefusal when there is none, when it is cut, and when it is too long. */
  readonly whole: (
    serving: Serving,
    path: string,
    init: UpstreamCall & {
      /** Tells when nobody waits for the answer any more; what it gives ends that. */
      readonly onGone: (listener: (why: Error) => void) => () => void
    },
  ) => Promise<WholeAnswer>
  readonly close: () => Promise<void>
}

const CONNECTIONS_MAX = 512

export function upstreamCalls(): Upstreams {
  const dispatcher = new Agent({ connections: CONNECTIONS_MAX, pipelining: 1, keepAliveTimeout: 30_000 })
  return {
    async call(serving, path, { body, signal, accept }) {
      try {
        const answer = await request(`${serving.baseUrl}${path}`, {
          dispatcher,
          signal,
          method: 'POST',
          body,
          headersTimeout: serving.timeoutMs,
          bodyTimeout: serving.timeoutMs,
          headers: sentHeaders(serving, accept),
        })
        if (isRedirect(answer.statusCode)) {
          await answer.body.dump()
          throw redirected()
        }
        return { status: answer.statusCode, headers: answer.headers, body: answer.body }
      } catch (error) {
        if (signal.aborted || error instanceof GatewayRefusal) throw error
        throw unreachable(error as Error & { code?: string })
      }
    },
    // Without the stream that `request` makes of an answer: at this place it takes longer than all that is decided.
    whole: (serving, path, { body, accept, onGone }) =>
      new Promise((done, fail) => {
        const { origin, pathname } = addressOf(serving.baseUrl)
        const pieces: Buffer[] = []
        let length = 0
        let began: Omit<UpstreamAnswer, 'body'> | null = null
        let stopListening = () => {}
        const options = {
          origin,
          path: `${pathname}${path}`,
          method: 'POST' as const,
          body,
          headersTimeout: serving.timeoutMs,
          bodyTimeout: serving.timeoutMs,
          headers: sentHeaders(serving, accept),
        }
        dispatcher.dispatch(options, {
          onRequestStart(controller) {
            stopListening = onGone((why) => controller.abort(why))
          },
          onResponseStart(controller, status, given) {
            if (status < 200) return
            began = { status, headers: given as UpstreamAnswer['headers'] }
            if (isRedirect(status)) controller.abort(redirected())
          },
          onResponseData(controller, piece) {
            length += piece.length
            pieces.push(piece)
            if (length > ANSWER_BYTES_MAX) controller.abort(tooLong())
          },
          onResponseEnd() {
            stopListening()
            if (began !== null) done({ ...began, body: joined(pieces) })
          },
          onResponseError(_, error) {
            stopListening()
            if (error instanceof GatewayRefusal) fail(error)
            else fail(began === null ? unreachable(error) : cutAnswer(error))
          },
        })
      }),
    close: () => dispatcher.destroy(),
  }
}

/** A base address, taken apart once: they are few, and every request needs one. */
const addresses = new Map<string, { readonly origin: string; readonly pathname: string }>()

function addressOf(baseUrl: string): { readonly origin: string; readonly pathname: string } {
  const known = addresses.get(baseUrl)
  if (known !== undefined) return known
  const { origin, pathname } = new URL(baseUrl)
  const address = { origin, pathname: pathname === '/' ? '' : pathname }
  addresses.set(baseUrl, address)
  return address
}

function sentHeaders({ key }: Serving, accept: UpstreamCall['accept']): Record<string, string> {
  const headers: Record<string, string> = {
    accept,
    'accept-encoding': 'identity',
    'content-type': 'application/json',
  }
  if (key !== null) headers.authorization = `Bearer ${key}`
  return headers
}

const isRedirect = (status: number) => status >= 300 && status < 400

/** Passed on, it would send the client past us. */
const redirected = () =>
  new GatewayRefusal(
    502,
    'upstream_redirect',
    'The address of the model sends elsewhere. Set the upstream to where it is.',
  )

/** Says nothing of where the upstream is: whoever asks is an agent. */
function unreachable(error: Error & { readonly code?: string }): GatewayRefusal {
  return error.code === 'UND_ERR_HEADERS_TIMEOUT'
    ? new GatewayRefusal(504, 'upstream_timeout', 'The model did not answer in time.', { cause: error })
    : new GatewayRefusal(502, 'upstream_unreachable', 'The model cannot be reached.', { cause: error })
}

const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** No connection came about, so nothing was carried out. */
export function neverArrived({ cause }: GatewayRefusal): boolean {
  return NO_CONNECTION.has(String((cause as { readonly code?: unknown } | undefined)?.code))
}

/** Throws GatewayRefusal when it is too long or ends too early. */
export async function readAnswer(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > ANSWER_BYTES_MAX) throw tooLong()
      pieces.push(piece)
    }
  } catch (error) {
    throw error instanceof GatewayRefusal ? error : cutAnswer(error)
  }
  return joined(pieces)
}

const joined = (pieces: readonly Buffer[]) =>
  pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)

const tooLong = () =>
  new GatewayRefusal(502, 'upstream_too_long', `The model's answer is longer than ${ANSWER_BYTES_MAX} bytes.`)

/** Calls of an answer that was cut are never released: a part of an argument may be another argument. */
export const cutAnswer = (cause?: unknown) =>
  new GatewayRefusal(502, 'upstream_cut', 'The connection to the model ended in the middle of its answer.', {
    cause,
  })

/**
 * Of an upstream's headers, those that a client acts on. All others would tell an agent whose model answers it, or send it
 * there.
 */
export function passedHeaders(headers: UpstreamAnswer['headers']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && (entry[0] === 'retry-after' || entry[0].startsWith('x-ratelimit-')),
    ),
  )
}
