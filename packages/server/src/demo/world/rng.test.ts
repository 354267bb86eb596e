import { describe, expect, it } from 'vitest'
import { createRng } from './rng.ts'

describe('createRng', () => {
  it('gives the same numbers for the same seed, pinned so that a demo never changes by accident', () => {
    const rng = createRng('demo')
    expect([rng.below(1000), rng.below(1000), rng.below(1000), rng.below(1000)]).toEqual([517, 728, 679, 298])
  })

  it('gives other numbers for another seed, and for a split', () => {
    const draw = (rng: ReturnType<typeof createRng>): string =>
      Array.from({ length: 8 }, () => rng.below(1e6)).join()
    const streams = [
      createRng('a'),
      createRng('b'),
      createRng('a').split('x'),
      createRng('a').split('y'),
    ].map(draw)
    expect(new Set(streams).size).toBe(4)
  })

  it('is not moved by drawing from a split', () => {
    const [one, other] = [createRng('s'), createRng('s')]
    one.split('wording').next()
    expect(one.next()).toBe(other.next())
  })

  it('is uniform over tenths, also over the first numbers of many near seeds', () => {
    const counts = new Array<number>(10).fill(0)
    for (let seed = 0; seed < 20_000; seed++) counts[createRng(`task-${seed}`).below(10)]! += 1
    // Chi-square with 9 degrees of freedom; 27.9 is its 0.999 quantile.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)
    expect(chiSquare).toBeLessThan(27.9)
  })

  it('picks by weight and never picks weight 0', () => {
    const rng = createRng('weights')
    const counts = { a: 0, b: 0, c: 0 }
    for (let draw = 0; draw < 10_000; draw++) counts[rng.weighted({ a: 3, b: 1, c: 0 })] += 1
    expect(counts.c).toBe(0)
    expect(counts.a / 10_000).toBeCloseTo(0.75, 1)
  })

  it('refuses an empty list', () => {
    expect(() => createRng('x').pick([])).toThrow('the list is empty')
  })
})
