/**
 * Gives each distinct field of a file a number from 0, in order of first appearance, straight from the bytes.
 * Small whole numbers go through a table of their own, everything else through open addressing over kept bytes: a
 * string for each of ten million fields would cost more than all the rest of reading.
 */
export type TextInterner = {
  /**
   * Replaces whole numbers below DIRECT in values[from, to) by the numbers of their texts (without leading zeros), in
   * order. A loop of its own: looking up millions of texts is waiting for memory, and in a short loop the waits overlap.
   */
  readonly internNumbers: (values: Int32Array, from: number, to: number) => void
  /** The number of any field in bytes[from, to). */
  readonly intern: (bytes: Uint8Array, from: number, to: number) => number
  /** Texts by number. Throws TypeError where a text is no UTF-8. */
  readonly names: () => readonly string[]
}

/** Whole numbers below this have a place in a table. */
export const DIRECT = 1 << 22
export const DIRECT_DIGITS = 7
const TEXT = -1

export function textInterner(): TextInterner {
  let slots = new Int32Array(1 << 10)
  let hashes = new Int32Array(1 << 9)
  let starts = new Float64Array((1 << 9) + 1)
  /** What the text is as a whole number; TEXT: its bytes are kept. */
  let numbers = new Int32Array(1 << 9)
  let direct = new Int32Array(1 << 10)
  let kept = new Uint8Array(1 << 12)
  let count = 0

  const next = (number: number, hash: number): number => {
    if (count === numbers.length) {
      starts = grown(starts, new Float64Array(starts.length * 2))
      hashes = grown(hashes, new Int32Array(hashes.length * 2))
      numbers = grown(numbers, new Int32Array(numbers.length * 2))
    }
    numbers[count] = number
    hashes[count] = hash
    starts[count + 1] = starts[count] as number
    count += 1
    return count - 1
  }

  const keep = (bytes: Uint8Array, from: number, to: number, hash: number): number => {
    const id = next(TEXT, hash)
    const at = starts[id] as number
    while (at + to - from > kept.length) kept = grown(kept, new Uint8Array(kept.length * 2))
    for (let i = from; i < to; i++) kept[at + i - from] = bytes[i] as number
    starts[id + 1] = at + to - from
    return id
  }

  const internNumber = (value: number): number => {
    while (value >= direct.length) direct = grown(direct, new Int32Array(direct.length * 2))
    const known = direct[value] as number
    if (known !== 0) return known - 1
    const id = next(value, 0)
    direct[value] = id + 1
    return id
  }

  const place = (id: number): void => {
    const mask = slots.length - 1
    let slot = (hashes[id] as number) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = id + 1
  }

  const same = (id: number, bytes: Uint8Array, from: number, to: number): boolean => {
    const at = starts[id] as number
    if ((starts[id + 1] as number) - at !== to - from) return false
    for (let i = from; i < to; i++) if (kept[at + i - from] !== bytes[i]) return false
    return true
  }

  let hashed = 0
  const addressed = (bytes: Uint8Array, from: number, to: number): number => {
    let hash = -2128831035
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 16777619)
    hash ^= hash >>> 15
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const entry = slots[slot] as number
      if (entry === 0) break
      if (hashes[entry - 1] === hash && same(entry - 1, bytes, from, to)) return entry - 1
      slot = (slot + 1) & mask
    }
    const id = keep(bytes, from, to, hash)
    slots[slot] = id + 1
    hashed += 1
    if (hashed * 2 > slots.length) {
      const before = slots
      slots = new Int32Array(before.length * 2)
      for (const entry of before) if (entry !== 0) place(entry - 1)
    }
    return id
  }

  return {
    internNumbers: (values, from, to) => {
      for (let at = from; at < to; at++) {
        const value = values[at] as number
        const known = value < direct.length ? (direct[value] as number) : 0
        values[at] = known > 0 ? known - 1 : internNumber(value)
      }
    },
    intern: (bytes, from, to) => {
      const length = to - from
      if (length > 0 && length <= DIRECT_DIGITS && (length === 1 || bytes[from] !== 48)) {
        let value = 0
        let at = from
        for (; at < to; at++) {
          const digit = (bytes[at] as number) - 48
          if (digit < 0 || digit > 9) break
          value = value * 10 + digit
        }
        if (at === to && value < DIRECT) return internNumber(value)
      }
      return addressed(bytes, from, to)
    },
    names: () => {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      const names = new Array<string>(count)
      for (let id = 0; id < count; id++)
        names[id] =
          numbers[id] === TEXT
            ? decoder.decode(kept.subarray(starts[id] as number, starts[id + 1] as number))
            : `${numbers[id]}`
      return names
    },
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(before: T, after: T): T {
  after.set(before)
  return after
}
