/**
 * Gives each distinct field of a file a number from 0, in order of first appearance, straight from the bytes.
 * Small whole numbers go through a table of their own, everything else through open addressing over kept bytes: a
 * string for each of ten million fields would cost more than all the rest of reading.
 */
export type TextInterner = {
  /** The number of the field in bytes[from, to). */
  readonly intern: (bytes: Uint8Array, from: number, to: number) => number
  /** Texts by number. Throws TypeError where a text is no UTF-8. */
  readonly names: () => readonly string[]
}

/** Whole numbers below this have a place in a table. */
const DIRECT = 1 << 22
const DIRECT_DIGITS = 7

export function textInterner(): TextInterner {
  let direct = new Int32Array(1 << 10)
  let slots = new Int32Array(1 << 10)
  let hashes = new Int32Array(1 << 9)
  let starts = new Float64Array((1 << 9) + 1)
  let kept = new Uint8Array(1 << 12)
  let count = 0

  const keep = (bytes: Uint8Array, from: number, to: number, hash: number): number => {
    if (count + 1 >= starts.length) {
      starts = grown(starts, new Float64Array(starts.length * 2))
      hashes = grown(hashes, new Int32Array(hashes.length * 2))
    }
    const at = starts[count] as number
    while (at + to - from > kept.length) kept = grown(kept, new Uint8Array(kept.length * 2))
    for (let i = from; i < to; i++) kept[at + i - from] = bytes[i] as number
    starts[count + 1] = at + to - from
    hashes[count] = hash
    count += 1
    return count - 1
  }

  const place = (id: number): void => {
    const mask = slots.length - 1
    let slot = (hashes[id] as number) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = id + 1
  }

  const direct_ = (value: number, bytes: Uint8Array, from: number, to: number): number => {
    while (value >= direct.length) direct = grown(direct, new Int32Array(direct.length * 2))
    const known = direct[value] as number
    if (known !== 0) return known - 1
    const id = keep(bytes, from, to, 0)
    direct[value] = id + 1
    return id
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
        if (at === to && value < DIRECT) return direct_(value, bytes, from, to)
      }
      return addressed(bytes, from, to)
    },
    names: () => {
      const decoder = new TextDecoder('utf-8', { fatal: true })
      return Array.from({ length: count }, (_, id) =>
        decoder.decode(kept.subarray(starts[id] as number, starts[id + 1] as number)),
      )
    },
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(before: T, after: T): T {
  after.set(before)
  return after
}
