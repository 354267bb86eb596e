import type { IncomingMessage } from 'node:http'
import { GatewayRefusal } from './openai-error.ts'

/** Reads a request's body. Throws GatewayRefusal when it is longer than `bytesMax`. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string> {
  const told = Number(request.headers['content-length'] ?? 0)
  if (told > bytesMax) throw tooLarge(bytesMax)
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > bytesMax) throw tooLarge(bytesMax)
    pieces.push(piece)
  }
  return (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)).toString('utf8')
}

function tooLarge(bytesMax: number): GatewayRefusal {
  return new GatewayRefusal(
    413,
    'request_too_large',
    `The body is larger than ${bytesMax} bytes. Send less at once.`,
  )
}
