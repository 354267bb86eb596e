/** What a contract says of a request before anything in it is read. */
import type { ActingKey, GovernedAgent } from './bundle.ts'
import { GatewayRefusal } from './openai-error.ts'

/** Throws GatewayRefusal for a body that is too long, and for a key that asks too often. */
export function requireWithin(
  { contract: { limits } }: GovernedAgent,
  { keyId }: ActingKey,
  text: string,
  minutes: MinuteLimit,
): void {
  if (Buffer.byteLength(text) > limits.bodyBytesMax)
    throw new GatewayRefusal(
      413,
      'request_too_large',
      `The body is larger than ${limits.bodyBytesMax} bytes, which the agent's contract allows.`,
    )
  const wait = minutes.take(keyId, limits.requestsPerMinute)
  if (wait !== null)
    throw new GatewayRefusal(
      429,
      'rate_limit_exceeded',
      `More than ${limits.requestsPerMinute} requests a minute with this key.`,
      {
        retryAfterSeconds: wait,
      },
    )
}

export type MinuteLimit = {
  /** The seconds to wait when there were too many. */
  readonly take: (key: string, max: number) => number | null
}

/** Counts by whole minutes. */
export function minuteLimit(): MinuteLimit {
  let minute = 0
  let counts = new Map<string, number>()
  return {
    take(key, max) {
      const nowMs = performance.now()
      const present = Math.floor(nowMs / 60_000)
      if (present !== minute) {
        minute = present
        counts = new Map()
      }
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return count > max ? Math.ceil(((present + 1) * 60_000 - nowMs) / 1000) : null
    },
  }
}
