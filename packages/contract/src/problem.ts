/** The error body of every route: problem+json (RFC 9457) with a code from a closed list. */
import { z } from 'zod'

export const PROBLEM_STATUS = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  /** The same Idempotency-Key came with another body. */
  idempotency_mismatch: 422,
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const

export type ProblemCode = keyof typeof PROBLEM_STATUS

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]),
  /** What happened, where. */
  detail: z.string(),
  /** How to mend it. */
  hint: z.string(),
  /** Path of the offending field, when there is one. */
  field: z.string().optional(),
  requestId: z.string(),
})
export type Problem = z.infer<typeof Problem>
