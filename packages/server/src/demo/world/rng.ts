/**
 * Seeded, splittable source of numbers for the simulated world: the same seed text gives the same numbers on
 * every machine. Not for secrets. `split` gives an independent stream by name, so that drawing more wording
 * never changes the request.
 */
export type Rng = {
  /** Uniform in [0, 1). */
  readonly next: () => number
  /** Uniform integer in [0, bound); `bound` is at least 1. */
  readonly below: (bound: number) => number
  readonly chance: (probability: number) => boolean
  /** One of a non-empty list. */
  readonly pick: <T>(list: readonly T[]) => T
  /** One key, with probability proportional to its weight. Weights are not negative and not all 0. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K
  readonly split: (name: string) => Rng
}

export function createRng(seed: string): Rng {
  // sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, four additions a number, passes BigCrush.
  let a = hashText(seed, 0x9e3779b9)
  let b = hashText(seed, 0x243f6a88)
  let c = hashText(seed, 0xb7e15162)
  let counter = 1
  const next32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) next32() // lets near seeds drift apart before the first use

  const next = (): number => next32() / 4_294_967_296
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('pick: the list is empty')
      return list[below(list.length)] as (typeof list)[number]
    },
    weighted: (weights) => {
      const keys = Object.keys(weights) as (keyof typeof weights)[]
      let left = next() * keys.reduce((sum, key) => sum + weights[key], 0)
      for (const key of keys) {
        left -= weights[key]
        if (left < 0) return key
      }
      return keys[keys.length - 1]!
    },
    split: (name) => createRng(`${seed}\u0000${name}`),
  }
}

/** FNV-1a over UTF-16 units, then a murmur-style finish so that every input bit reaches every output bit. */
function hashText(text: string, start: number): number {
  let hash = start | 0
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return hash ^ (hash >>> 16)
}
