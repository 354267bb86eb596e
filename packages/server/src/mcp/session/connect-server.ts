/** The way to a server over streamable HTTP, with word of answers that will not come any more. What it answers is bounded. */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { RequestId } from '@modelcontextprotocol/sdk/types.js'
import { ANSWER_BYTES_MAX } from '../../gateway/answer-bytes.ts'

export function connectServer(
  url: string,
  headers: Readonly<Record<string, string>>,
  onLost: (id: RequestId) => void,
): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers } },
    fetch: watchedFetch(onLost),
  })
}

/** The message is parsed after its bytes were read. */
const PARSED_MS = 200

/** The SDK waits for ever for the answer of a request whose stream has ended without one. */
function watchedFetch(onLost: (id: RequestId) => void): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init)
    const id = requestIdIn(init?.body)
    const { body, status, headers } = response
    // Of a redirect nobody reads what it says.
    if (body === null || (status >= 300 && status < 400)) return response
    const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true
    const bounded = body.pipeThrough(isStream ? boundedEvents() : boundedWhole())
    if (id === undefined || !response.ok || !isStream) return new Response(bounded, { status, headers })
    const watched = watchStream(bounded, () => {
      setTimeout(() => onLost(id), PARSED_MS).unref()
    })
    return new Response(watched, { status, headers })
  }
}

function boundedWhole(): TransformStream<Uint8Array, Uint8Array> {
  let length = 0
  return new TransformStream({
    transform(piece, controller) {
      length += piece.length
      if (length > ANSWER_BYTES_MAX) throw tooLong()
      controller.enqueue(piece)
    },
  })
}

const EVENT_ENDS = ['\n\n', '\r\r', '\r\n\r\n']

/** A stream may go on for ever; what is kept of it is one event, until an empty line. */
function boundedEvents(): TransformStream<Uint8Array, Uint8Array> {
  let length = 0
  let before = ''
  return new TransformStream({
    transform(piece, controller) {
      // Each byte a character: line ends are the same in it.
      const text = before + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1')
      const ended = Math.max(...EVENT_ENDS.map((end) => text.lastIndexOf(end)))
      length = ended === -1 ? length + piece.length : text.length - ended
      before = text.slice(-3)
      if (length > ANSWER_BYTES_MAX) throw tooLong()
      controller.enqueue(piece)
    },
  })
}

const tooLong = () => new RangeError(`an answer is longer than ${ANSWER_BYTES_MAX} bytes`)

function watchStream(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  // Where events have ids the SDK goes on from the last one, on another connection.
  let resumes = false
  const decoder = new TextDecoder()
  const ended = () => {
    if (!resumes) onEnd()
  }
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          controller.close()
          ended()
          return
        }
        resumes ||= /^id:/m.test(decoder.decode(value, { stream: true }))
        controller.enqueue(value)
      } catch (error) {
        controller.error(error)
        ended()
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

function requestIdIn(body: unknown): RequestId | undefined {
  if (typeof body !== 'string') return undefined
  const { id, method } = JSON.parse(body) as { id?: RequestId; method?: unknown }
  return method === undefined ? undefined : id
}
