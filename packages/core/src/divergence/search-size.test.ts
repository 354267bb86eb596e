import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import type { ScoredSample } from './best-of-n.ts'
import { searchSize } from './search-size.ts'

const PLAN = { alpha: 0.1, replicates: 200, seed: 1 }

/** Gold is uniform; a proxy that follows it up to `honest` of its range, and rewards the worst above. */
function samplesOf(count: number, exploit: number, seed: number): readonly ScoredSample[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const gold = random()
    return random() < exploit ? { proxy: 1 + random(), gold: -1 } : { proxy: gold, gold }
  })
}

describe('how far to search', () => {
  test('a faithful proxy is searched as far as the samples go, an empty one not at all', () => {
    const faithful = searchSize([samplesOf(512, 0, 3)], PLAN)
    expect(faithful).toMatchObject({ kind: 'size', n: 512 })
    const random = seededRandom(9)
    const empty = Array.from({ length: 512 }, (): ScoredSample => ({ proxy: random(), gold: -random() }))
    const inverted = empty.map(({ proxy }) => ({ proxy, gold: -proxy }))
    expect(searchSize([inverted], PLAN)).toEqual({ kind: 'size', n: 1, klBound: 0, gain: 0, low: 0 })
  })
  test('it stops where one sample in thirty exploits the proxy', () => {
    const found = searchSize([samplesOf(600, 1 / 30, 4)], PLAN)
    expect(found).toMatchObject({ kind: 'size' })
    if (found.kind !== 'size') return
    expect(found.n).toBeGreaterThanOrEqual(2)
    expect(found.n).toBeLessThanOrEqual(8)
    expect(found.low).toBeLessThan(found.gain)
  })
  test('the order of samples and prompts changes nothing', () => {
    const prompts = Array.from({ length: 12 }, (_, seed) => samplesOf(16, 0.05, seed))
    const turned = [...prompts].reverse().map((samples) => [...samples].reverse())
    const [one, other] = [searchSize(prompts, PLAN), searchSize(turned, PLAN)]
    if (one.kind !== 'size' || other.kind !== 'size') throw new Error('a size was expected')
    expect(other.gain).toBeCloseTo(one.gain, 12)
    expect(searchSize([[...samplesOf(600, 0.03, 4)].reverse()], PLAN)).toEqual(
      searchSize([samplesOf(600, 0.03, 4)], PLAN),
    )
  })
  test('too little to say is said', () => {
    expect(searchSize([], PLAN)).toMatchObject({ kind: 'insufficient' })
    expect(searchSize([samplesOf(5, 0, 1)], PLAN)).toMatchObject({
      reason: 'with fewer than 10 prompts each needs at least 20 samples, and one has 5',
    })
    const one = { proxy: 0, gold: 0 }
    expect(searchSize([...Array.from({ length: 10 }, () => [one]), []], PLAN)).toMatchObject({
      kind: 'insufficient',
    })
    expect(() => searchSize([[one]], { ...PLAN, alpha: 0 })).toThrow('alpha 0')
  })
})
