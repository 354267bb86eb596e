import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import type { OperatorName } from './operator.ts'
import { type FaultToShow, validityPlaces } from './validity-places.ts'

const fault = (
  id: string,
  operator: OperatorName | null,
  originalId = id,
  criterionSha256 = 'q',
  value = 'no',
): FaultToShow => ({ id, originalId, criterionSha256, value, operator })
const copies = (operator: OperatorName, many: number) =>
  Array.from({ length: many }, (_, at) => fault(`${operator}-${at}`, operator, `o-${operator}-${at}`))
const natural = (many: number) => Array.from({ length: many }, (_, at) => fault(`n-${at}`, null))
const drawOf = (seed: number) => {
  const random = seededRandom(seed)
  return () => random()
}

test('the coin is fair for each operator, however many copies and natural faults there are', () => {
  const faults = [...copies('swap-id', 300), ...copies('invent-fact', 60), ...natural(400)]
  const places = validityPlaces('ann', faults, 100, drawOf(3))
  expect(places).toHaveLength(100)
  for (const operator of ['swap-id', 'invent-fact'] as const) {
    const own = places.filter((place) => place.operator === operator)
    const planted = own.filter((place) => place.fault.operator !== null)
    expect(own.length).toBeGreaterThan(35)
    expect(Math.abs(planted.length / own.length - 0.5)).toBeLessThan(0.16)
    for (const { fault: shown } of planted) expect(shown.operator).toBe(operator)
  }
  for (const { coin, fault: shown } of places) expect(coin < 0.5).toBe(shown.operator !== null)
})

test('a copy and its original, or two copies of one, are never shown to the same person', () => {
  const faults = Array.from({ length: 12 }, (_, at) => [
    fault(`a-${at}`, 'swap-id', `e-${at}`),
    fault(`b-${at}`, 'skip-lookup', `e-${at}`),
    fault(`e-${at}`, null),
  ])
    .flat()
    .concat(copies('swap-id', 8), natural(8))
  const places = validityPlaces('ann', faults, 50, drawOf(4))
  expect(places.length).toBeGreaterThan(5)
  const originals = places.map(({ fault: shown }) => shown.originalId)
  expect(new Set(originals).size).toBe(originals.length)
})

test('kinds are compared within a question and its answer alone; without one of them nothing is shown', () => {
  expect(
    validityPlaces('ann', [...copies('swap-id', 9), fault('n', null, 'n', 'other')], 5, drawOf(5)),
  ).toEqual([])
  expect(
    validityPlaces('ann', [...copies('swap-id', 9), fault('n', null, 'n', 'q', 'yes')], 5, drawOf(5)),
  ).toEqual([])
  expect(validityPlaces('ann', natural(9), 5, drawOf(5))).toEqual([])
  expect(validityPlaces('ann', [], 5, drawOf(5))).toEqual([])
})

test('how many places there are does not hang on the coins, so that the last one tells nothing', () => {
  const random = seededRandom(6)
  const some = (most: number) => Math.floor(random() * most)
  for (let world = 0; world < 200; world++) {
    const faults = Array.from({ length: 30 }, (_, at) =>
      fault(
        `f-${at}`,
        [null, null, 'swap-id' as const, 'skip-lookup' as const][some(4)] ?? null,
        `e-${some(40)}`,
        `q-${some(2)}`,
      ),
    )
    const lengths = [1, 2, 3, 4, 5].map((seed) => validityPlaces('ann', faults, 40, drawOf(seed)).length)
    expect(new Set(lengths).size).toBe(1)
  }
  expect(validityPlaces('ann', [...copies('swap-id', 40), ...natural(3)], 40, drawOf(6))).toHaveLength(3)
})
