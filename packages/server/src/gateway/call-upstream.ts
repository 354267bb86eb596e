/** Sends a request to an upstream. `undici` and not `fetch`, which takes ten times as long. */
import type { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import type { Serving } from './bundle.ts'
import { GatewayRefusal } from './openai-error.ts'

export type UpstreamAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

export type Upstreams = {
  /** Throws GatewayRefusal when there is no answer. */
  readonly call: (
    serving: Serving,
    path: string,
    init: {
      readonly body: string
      readonly signal: AbortSignal
      readonly headers: Readonly<Record<string, string>>
    },
  ) => Promise<UpstreamAnswer>
  readonly close: () => Promise<void>
}

const CONNECTIONS_MAX = 512

export function upstreamCalls(): Upstreams {
  const dispatcher = new Agent({ connections: CONNECTIONS_MAX, pipelining: 1, keepAliveTimeout: 30_000 })
  return {
    async call({ baseUrl, key, timeoutMs }, path, { body, signal, headers }) {
      try {
        const answer = await request(`${baseUrl}${path}`, {
          dispatcher,
          method: 'POST',
          body,
          signal,
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
          headers: {
            ...headers,
            'accept-encoding': 'identity',
            'content-type': 'application/json',
            ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          },
        })
        if (answer.statusCode >= 300 && answer.statusCode < 400) {
          await answer.body.dump()
          // Passed on, it would send the client past us.
          throw new GatewayRefusal(
            502,
            'upstream_redirect',
            'The address of the model sends elsewhere. Set the upstream to where it is.',
          )
        }
        return { status: answer.statusCode, headers: answer.headers, body: answer.body }
      } catch (error) {
        if (signal.aborted || error instanceof GatewayRefusal) throw error
        throw unreachable(error as Error & { code?: string })
      }
    },
    close: () => dispatcher.destroy(),
  }
}

/** Says nothing of where the upstream is: whoever asks is an agent. */
function unreachable(error: Error & { readonly code?: string }): GatewayRefusal {
  return error.code === 'UND_ERR_HEADERS_TIMEOUT'
    ? new GatewayRefusal(504, 'upstream_timeout', 'The model did not answer in time.', { cause: error })
    : new GatewayRefusal(502, 'upstream_unreachable', 'The model cannot be reached.', { cause: error })
}

/** Answers are read whole up to here. */
const ANSWER_BYTES_MAX = 32 << 20

/** Throws GatewayRefusal when it is too long or ends too early. */
export async function readAnswer(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > ANSWER_BYTES_MAX)
        throw new GatewayRefusal(
          502,
          'upstream_too_long',
          `The model's answer is longer than ${ANSWER_BYTES_MAX} bytes.`,
        )
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof GatewayRefusal) throw error
    throw new GatewayRefusal(502, 'upstream_cut', 'The connection ended in the middle of the answer.', {
      cause: error,
    })
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
}

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
