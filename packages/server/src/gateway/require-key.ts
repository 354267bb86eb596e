import type { IncomingMessage } from 'node:http'
import { sha256Hex } from '../accounts/key-ring.ts'
import type { ActingKey, Bundle } from './bundle.ts'
import { GatewayRefusal } from './openai-error.ts'

/** The key of whoever acts as an agent. Throws GatewayRefusal. */
export function requireKey({ keys }: Bundle, { headers }: IncomingMessage): ActingKey {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const key = token === undefined ? undefined : keys.get(sha256Hex(token))
  if (key === undefined || isOver(key))
    throw new GatewayRefusal(
      401,
      'invalid_api_key',
      'The key in the Authorization header is unknown, revoked, expired, or not for acting. Send "Authorization: Bearer lw_…" with a key that has the scope act.',
    )
  return key
}

const isOver = ({ expiresAtMs }: ActingKey) => expiresAtMs !== null && expiresAtMs <= Date.now()
