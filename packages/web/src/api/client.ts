import { createClient } from '@leeway/contract/client'

/** The API of the server this page came from, with the session's cookie. */
export const client = createClient()

/**
 * A key for one change, 128 random bits. Not `crypto.randomUUID`, which browsers give to HTTPS pages only: a server
 * on the local network has none.
 */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
