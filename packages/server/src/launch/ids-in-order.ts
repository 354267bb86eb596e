import { v7 } from 'uuid'

/** UUIDv7, each behind the one before it, also where the clock stands still or goes back. `v7` alone draws 16 bytes each time. */
export function idsInOrder(nowMs: () => number, randomBytes: (length: number) => Uint8Array): () => string {
  let msecs = Number.NEGATIVE_INFINITY
  let seq = 0
  return () => {
    const random = randomBytes(16)
    const present = nowMs()
    if (present > msecs) {
      msecs = present
      // Half of its range is left for those of the same millisecond.
      seq = new DataView(random.buffer).getUint32(6) >>> 1
    } else {
      seq = (seq + 1) | 0
      if (seq === 0) msecs += 1
    }
    return v7({ random, msecs, seq })
  }
}
