/** How often callers may ask. Counted per process; constants with their reasons, not settings. */
import type { BucketSize } from './rate-limit.ts'

export type RateLimits = {
  /** Passwords tried by one address for one account. */
  readonly login: BucketSize
  /** Passwords and link tokens tried by one address. */
  readonly address: BucketSize
  readonly key: BucketSize
  /** Unknown keys sent by one address: each costs a look into the database. */
  readonly badKey: BucketSize
}

export const RATE_LIMITS: RateLimits = {
  // A person mistypes a few times; a guesser needs millions.
  login: { burst: 5, perMinute: 5 },
  // An office behind one address signs in within a few minutes.
  address: { burst: 30, perMinute: 30 },
  // An importer that sends small batches as fast as it can stays below this.
  key: { burst: 600, perMinute: 6_000 },
  badKey: { burst: 30, perMinute: 60 },
}
