/**
 * Counts how often each key was seen in one file, in 12 bytes a key outside the JavaScript heap, so that a file of
 * millions of records can be counted.
 *
 * Keys are 64 bits of a SHA-256. Two different keys that agree in them count as one: at ten million records that
 * has a chance of about one in 400,000, and all it does is to number one episode 2 instead of 1, each time alike.
 */
export type OccurrenceCounter = {
  /** Counts the key and says how often it was seen now, from 1. `sha256` is at least 16 hex digits. */
  readonly next: (sha256: string) => number
}

const FIRST_SLOTS = 1 << 12

export function occurrenceCounter(): OccurrenceCounter {
  let slots = FIRST_SLOTS
  let used = 0
  let high = new Uint32Array(slots)
  let low = new Uint32Array(slots)
  let counts = new Uint32Array(slots)

  /** Slot of the key, or the free one where it belongs. */
  const slotOf = (keyHigh: number, keyLow: number): number => {
    let slot = (keyLow ^ keyHigh) & (slots - 1)
    while (counts[slot] !== 0 && (high[slot] !== keyHigh || low[slot] !== keyLow))
      slot = (slot + 1) & (slots - 1)
    return slot
  }

  const grow = () => {
    const [oldHigh, oldLow, oldCounts] = [high, low, counts]
    slots *= 2
    high = new Uint32Array(slots)
    low = new Uint32Array(slots)
    counts = new Uint32Array(slots)
    for (let old = 0; old < oldCounts.length; old++) {
      if (oldCounts[old] === 0) continue
      const slot = slotOf(oldHigh[old]!, oldLow[old]!)
      high[slot] = oldHigh[old]!
      low[slot] = oldLow[old]!
      counts[slot] = oldCounts[old]!
    }
  }

  return {
    next(sha256) {
      const keyHigh = Number.parseInt(sha256.slice(0, 8), 16)
      const keyLow = Number.parseInt(sha256.slice(8, 16), 16)
      const slot = slotOf(keyHigh, keyLow)
      if (counts[slot] === 0) {
        high[slot] = keyHigh
        low[slot] = keyLow
        used += 1
      }
      counts[slot] = counts[slot]! + 1
      const count = counts[slot]!
      if (used * 2 > slots) grow()
      return count
    },
  }
}
