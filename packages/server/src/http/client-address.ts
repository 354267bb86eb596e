import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** Address of the peer. Forwarded-for headers are not believed: anybody can write them. */
export function clientAddress(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    // Called without a socket, e.g. `app.request` in a test.
    return 'unknown'
  }
}
