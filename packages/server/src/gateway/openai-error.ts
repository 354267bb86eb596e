/** Refusals in the shape that clients of OpenAI's API know how to read. */
import type { ServerResponse } from 'node:http'

export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal'
  readonly status: number
  readonly type: string
  readonly code: string
  readonly param: string | null
  readonly retryAfterSeconds: number | null

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly param?: string; readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.status = status
    this.type = TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error')
    this.code = code
    this.param = more.param ?? null
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
  }
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
}

export const refusalBody = ({ message, type, param, code }: GatewayRefusal) => ({
  error: { message, type, param, code },
})

export function sendRefusal(response: ServerResponse, refusal: GatewayRefusal): void {
  const body = JSON.stringify(refusalBody(refusal))
  response
    .writeHead(refusal.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(refusal.retryAfterSeconds === null ? {} : { 'retry-after': String(refusal.retryAfterSeconds) }),
    })
    .end(body)
}
