import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { labelVariance } from './allocate-audits.ts'
import { chooseWay, KNOWN_MIN, type WayRecord } from './choose-way.ts'

const way = (name: string, sensitivity: number, minutes: number | null, known = 998): WayRecord<string> => ({
  name,
  faults: known,
  found: Math.round(sensitivity * known),
  sound: known,
  passed: Math.round(0.97 * known),
  minutes,
})
const drawn = (ways: readonly WayRecord<string>[], floor = 0.2) => {
  const chosen = chooseWay(ways, 0.1, floor)
  if (chosen.kind === 'insufficient') throw new Error(chosen.reason)
  return chosen.ways.map(({ name, probability }) => [name, probability])
}

describe('the way that tells most for its minutes', () => {
  test('gets what the floor leaves; twice the minutes must buy half the variance', () => {
    expect(drawn([way('anyone', 0.7, 1), way('experts', 0.95, 1)])).toEqual([
      ['anyone', 0.2],
      ['experts', 0.8],
    ])
    expect(drawn([way('anyone', 0.7, 1), way('experts', 0.95, 4)])).toEqual([
      ['anyone', 0.8],
      ['experts', 0.2],
    ])
    const ratio =
      labelVariance(0.1, { sensitivity: 0.7, specificity: 0.97 }) /
      labelVariance(0.1, { sensitivity: 0.95, specificity: 0.97 })
    expect(drawn([way('anyone', 0.7, 1), way('experts', 0.95, 0.97 * ratio)])[1]).toEqual(['experts', 0.8])
    expect(drawn([way('anyone', 0.7, 1), way('experts', 0.95, 1.03 * ratio)])[0]).toEqual(['anyone', 0.8])
  })

  test('the others share the floor, and who was not measured is not drawn', () => {
    expect(
      drawn([way('anyone', 0.7, 1), way('experts', 0.95, 1), way('vetted', 0.6, 1), way('new', 0.99, 1, 5)]),
    ).toEqual([
      ['anyone', 0.1],
      ['experts', 0.8],
      ['vetted', 0.1],
      ['new', 0],
    ])
    expect(drawn([way('anyone', 0.7, 1), way('slow', 0.99, null)])[0]).toEqual(['anyone', 1])
    expect(drawn([way('anyone', 0.7, 1), way('coin', 0.02, 1)])[0]).toEqual(['anyone', 1])
  })

  test('is not known where too little is known of the one in use', () => {
    const few = chooseWay([way('anyone', 0.7, 1, KNOWN_MIN - 1), way('experts', 0.9, 1)], 0.1, 0.2)
    expect(few.kind).toBe('insufficient')
    expect(chooseWay([], 0.1, 0.2).kind).toBe('insufficient')
    expect(() => chooseWay([way('anyone', 0.7, 1)], 0.1, 1)).toThrow(RangeError)
  })

  test('property: the probabilities sum to 1, and none below its part of the floor where it was measured', () => {
    const random = seededRandom(7)
    for (let world = 0; world < 300; world++) {
      const ways = Array.from({ length: 1 + Math.floor(4 * random()) }, (_, at) =>
        way(`w${at}`, 0.3 + 0.7 * random(), 0.2 + random(), at === 0 || random() < 0.7 ? 200 : 3),
      )
      const chosen = chooseWay(ways, random(), 0.3)
      if (chosen.kind === 'insufficient') continue
      const sum = chosen.ways.reduce((total, { probability }) => total + probability, 0)
      expect(sum).toBeCloseTo(1, 12)
      const measured = chosen.ways.filter(({ cost }) => cost !== null)
      for (const { probability } of measured)
        expect(probability).toBeGreaterThanOrEqual(
          measured.length === 1 ? 1 : 0.3 / (measured.length - 1) - 1e-12,
        )
    }
  })
})
