/** The other end: whoever asked, and what has been sent to it so far. */
import type { ServerResponse } from 'node:http'
import { type GatewayRefusal, refusalBody, sendRefusal } from './openai-error.ts'
import type { Protocol } from './turn-request.ts'

export type ChatClient = {
  /** Sends a piece of a stream as soon as the client takes it. The first one opens the stream. */
  readonly pass: (bytes: Buffer) => Promise<void>
  /** The end of the answer; all of it where nothing was streamed. */
  readonly finish: (bytes: Buffer | string) => void
  /** An upstream's own error goes on as it is. */
  readonly relay: (status: number, headers: Readonly<Record<string, string | string[]>>, body: Buffer) => void
  readonly refuse: (refusal: GatewayRefusal) => void
  /** Headers of the upstream's answer, until the first byte was sent. */
  readonly setHeaders: (headers: Readonly<Record<string, string | string[]>>) => void
  /** Headers of ours that are known with the answer only. */
  readonly tell: (headers: Readonly<Record<string, string>>) => void
  /** Whether the client has gone before its answer was over. */
  readonly isGone: () => boolean
  /** Tells it when it happens, and at once when it has. What it gives ends that. */
  readonly onGone: (listener: (why: Error) => void) => () => void
  /** The same as a signal, for those who take one; it takes longer to make than most requests need. */
  readonly gone: () => AbortSignal
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  // Proxies that collect a stream take from it what it is for.
  'x-accel-buffering': 'no',
}

export function chatClient(
  response: ServerResponse,
  {
    streams,
    own,
    streamError,
  }: {
    readonly streams: boolean
    readonly own: Readonly<Record<string, string>>
    readonly streamError: Protocol['streamError']
  },
): ChatClient {
  let gone: Error | null = null
  const listeners = new Set<(why: Error) => void>()
  let headers: Readonly<Record<string, string | string[]>> = {}
  let told: Readonly<Record<string, string>> = own
  response.on('close', () => {
    if (response.writableFinished) return
    gone = new Error('the client has gone')
    for (const listener of listeners) listener(gone)
  })
  const onGone: ChatClient['onGone'] = (listener) => {
    if (gone !== null) listener(gone)
    else listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const open = (status: number, more: Readonly<Record<string, string | number>>) => {
    if (!response.headersSent) response.writeHead(status, { ...headers, ...told, ...more })
  }
  return {
    isGone: () => gone !== null,
    onGone,
    gone() {
      const controller = new AbortController()
      onGone((why) => controller.abort(why))
      return controller.signal
    },
    setHeaders(given) {
      headers = given
    },
    tell(given) {
      told = { ...told, ...given }
    },
    async pass(bytes) {
      // Of a client that has gone neither 'drain' nor 'close' comes any more.
      if (bytes.length === 0 || response.destroyed) return
      open(200, STREAM_HEADERS)
      if (response.write(bytes)) return
      await new Promise<void>((done) => {
        const go = () => {
          response.off('drain', go)
          response.off('close', go)
          done()
        }
        response.on('drain', go)
        response.on('close', go)
      })
    },
    finish(bytes) {
      open(
        200,
        streams
          ? STREAM_HEADERS
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) },
      )
      response.end(bytes)
    },
    relay(status, given, body) {
      if (response.headersSent) {
        response.end(
          streamError({
            message: 'The model failed.',
            type: 'server_error',
            param: null,
            code: 'upstream_failed',
          }),
        )
        return
      }
      response
        .writeHead(status, {
          ...given,
          ...told,
          'content-type': 'application/json',
          'content-length': body.length,
        })
        .end(body)
    },
    refuse(refusal) {
      if (response.headersSent) {
        // In a stream the status is gone; clients know an error by its member.
        response.end(streamError(refusalBody(refusal).error))
        return
      }
      for (const [name, value] of Object.entries(told)) response.setHeader(name, value)
      sendRefusal(response, refusal)
    },
  }
}
