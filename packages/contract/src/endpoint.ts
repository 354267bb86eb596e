/** One operation of the API as data: what the typed client needs to call it, and what a server answers. */
import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * `path` holds `{name}` places. `{project}` is filled by the client's own project unless the caller names another.
 * `query`, `body` and `response` are zod schemas; an answer without a body (204) has no `response`.
 */
export type Endpoint = {
  readonly method: Method
  readonly path: `/${string}`
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly response?: z.ZodType
}

/** Keeps the literal types, so that `client.call` knows the places in the path and the shapes. */
export const endpoint = <const E extends Endpoint>(definition: E): E => definition
