/**
 * Repeatable uniform numbers in [0, 1) from a 32-bit seed, for simulations and tests. Not for secrets or draws that
 * decide who is audited: those come from an HMAC in the server.
 *
 * Method  sfc32 (Chris Doty-Humphrey, PractRand), seeded by splitmix32 and stepped 15 times.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  const next = () => {
    state = (state + 0x9e3779b9) | 0
    let z = state ^ (state >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let a = next()
  let b = next()
  let c = next()
  let counter = 1
  const step = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let warmUp = 0; warmUp < 15; warmUp++) step()
  return step
}
