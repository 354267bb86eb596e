/** The one place that turns a failure into a response: problem+json with a code from the contract's closed list. */
import { PROBLEM_STATUS, type Problem, type ProblemCode } from '@leeway/contract/problem'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { saysDiskFull } from '../launch/disk-space.ts'
import { AppError } from './app-error.ts'

const TITLES: Readonly<Record<ProblemCode, string>> = {
  bad_request: 'The request is not valid',
  unauthenticated: 'Nobody is signed in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  conflict: 'In conflict with what is there',
  idempotency_mismatch: 'The Idempotency-Key was used for another request',
  gone: 'No longer there',
  too_large: 'Too large',
  unsupported_media_type: 'Unsupported content type',
  unprocessable: 'Cannot be done',
  rate_limited: 'Too many requests',
  internal: 'Internal error',
  unavailable: 'Not available now',
}

/** For `app.onError`: known errors as they are, anything else as `internal` with its cause in the log only. */
export function problemResponse(error: unknown, context: Context, log: Logger): Response {
  const requestId = String(context.get('requestId') ?? '')
  const known = readError(error)
  if (known.code === 'internal') log.error({ err: error, requestId }, 'request failed')
  const problem: Problem = {
    type: `urn:leeway:problem:${known.code}`,
    title: TITLES[known.code],
    status: PROBLEM_STATUS[known.code],
    code: known.code,
    detail: known.message,
    hint: known.hint,
    ...(known.field === undefined ? {} : { field: known.field }),
    requestId,
  }
  if (known.retryAfterSeconds !== undefined) {
    context.header('retry-after', String(Math.max(1, Math.ceil(known.retryAfterSeconds))))
  }
  if (known.code === 'unauthenticated') context.header('www-authenticate', 'Bearer realm="leeway"')
  context.header('cache-control', 'no-store')
  // The rest of the body is not read: the connection is of no further use.
  if (known.code === 'too_large') context.header('connection', 'close')
  return context.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json; charset=utf-8',
  })
}

function readError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof HTTPException) return readHttpException(error)
  if (saysDiskFull(error)) {
    return new AppError(
      'unavailable',
      'The disk of the server is full; nothing of this request was kept.',
      'Free some space there, then send the request again.',
    )
  }
  if (isConnectionFailure(error)) {
    return new AppError('unavailable', 'The database does not answer.', 'Try again in a few seconds.', {
      retryAfterSeconds: 5,
    })
  }
  return new AppError(
    'internal',
    'Something went wrong in the server.',
    'Try again. If it happens again, look for the request id in the server’s log.',
  )
}

/** Thrown by hono itself before a route sees the request. */
function readHttpException(error: HTTPException): AppError {
  if (error.status === 415) {
    return new AppError(
      'unsupported_media_type',
      'The body has a content type that this route does not read.',
      'Send JSON with the header Content-Type: application/json.',
    )
  }
  if (error.status === 413) {
    return new AppError('too_large', 'The body is too large for this route.', 'Send less at once.')
  }
  if (error.status === 400) {
    return new AppError('bad_request', 'The body is not valid JSON.', 'Check it with a JSON parser.', {
      field: 'body',
    })
  }
  return new AppError('internal', 'Something went wrong in the server.', 'Try again.', { cause: error })
}

/** PostgreSQL class 08 (connection) and 57P (shutdown), or a socket that was refused. Drizzle wraps the cause. */
function isConnectionFailure(error: unknown): boolean {
  const seen = new Set<unknown>()
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at)
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string' && /^(08|57P0|ECONNREFUSED|ECONNRESET)/.test(code)) return true
  }
  return false
}
