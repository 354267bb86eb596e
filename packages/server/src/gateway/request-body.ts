import type { IncomingMessage } from 'node:http'
import { GatewayRefusal } from './openai-error.ts'

/** Reads a request's body. Throws GatewayRefusal when it is longer than `bytesMax`. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string> {
  const told = Number(request.headers['content-length'] ?? 0)
  if (told > bytesMax) throw tooLarge(bytesMax)
  const pieces: Buffer[] = []
  let length = 0
  // By events: the iterator of a stream takes as long as all else that is done with a small request.
  return new Promise((done, fail) => {
    request.on('data', (piece: Buffer) => {
      length += piece.length
      if (length > bytesMax) fail(tooLarge(bytesMax))
      else pieces.push(piece)
    })
    request.on('end', () => {
      const body = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
      done(body.toString('utf8'))
    })
    request.on('error', fail)
  })
}

function tooLarge(bytesMax: number): GatewayRefusal {
  return new GatewayRefusal(
    413,
    'request_too_large',
    `The body is larger than ${bytesMax} bytes. Send less at once.`,
  )
}

/** What a client calls its conversation. */
export const CONVERSATION_HEADER = 'x-leeway-conversation-id'

export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
