/** Token buckets in memory, one a caller. Counts in this process only: N processes allow N times as much. */
import { AppError } from './app-error.ts'

export type BucketSize = {
  /** Requests at once. */
  readonly burst: number
  readonly perMinute: number
}

export type RateLimit = {
  /** Takes one token of `caller`. Throws AppError rate_limited with the seconds to wait when there is none. */
  readonly take: (caller: string) => void
}

type Bucket = { tokens: number; atMs: number }

/** Callers remembered; beyond it, buckets that are full again are forgotten. */
const BUCKETS_MAX = 50_000

export function createRateLimit(size: BucketSize, now: () => Date, what: string): RateLimit {
  const buckets = new Map<string, Bucket>()
  const perMs = size.perMinute / 60_000
  const refilled = (bucket: Bucket, nowMs: number) =>
    Math.min(size.burst, bucket.tokens + Math.max(0, nowMs - bucket.atMs) * perMs)
  const forgetFull = (nowMs: number) => {
    for (const [caller, bucket] of buckets) {
      if (refilled(bucket, nowMs) >= size.burst) buckets.delete(caller)
    }
    // Everyone is busy: the oldest goes, so that memory stays bounded.
    for (const caller of buckets.keys()) {
      if (buckets.size < BUCKETS_MAX) break
      buckets.delete(caller)
    }
  }
  return {
    take: (caller) => {
      const nowMs = now().getTime()
      if (buckets.size >= BUCKETS_MAX && !buckets.has(caller)) forgetFull(nowMs)
      const before = buckets.get(caller)
      const tokens = before === undefined ? size.burst : refilled(before, nowMs)
      if (tokens < 1) {
        const seconds = (1 - tokens) / perMs / 1000
        throw new AppError(
          'rate_limited',
          `Too many ${what}: ${size.burst} at once, then ${size.perMinute} a minute.`,
          `Wait ${Math.max(1, Math.ceil(seconds))} s, as Retry-After says.`,
          { retryAfterSeconds: seconds },
        )
      }
      buckets.set(caller, { tokens: tokens - 1, atMs: nowMs })
    },
  }
}
