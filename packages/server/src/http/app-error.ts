import type { ProblemCode } from '@leeway/contract/problem'

/**
 * The one error a service throws at its boundary. `http/problem.ts` alone turns it into a response.
 * `detail` says what happened and where; `hint` says how to mend it. Neither may hold a secret.
 */
export class AppError extends Error {
  readonly code: ProblemCode
  readonly hint: string
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ProblemCode,
    detail: string,
    hint: string,
    more: { field?: string; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = hint
    this.field = more.field
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}
