/** The way to a server over streamable HTTP, with word of answers that will not come any more. */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { RequestId } from '@modelcontextprotocol/sdk/types.js'

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
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    if (id === undefined || !response.ok || response.body === null || !isStream) return response
    const watched = watchStream(response.body, () => {
      setTimeout(() => onLost(id), PARSED_MS).unref()
    })
    return new Response(watched, { status: response.status, headers: response.headers })
  }
}

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
