import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairInformation } from './pair-information.ts'

const answer = (left: string, right: string, outcome: 0 | 0.5 | 1) => ({ left, right, outcome })

test('by hand: with nothing answered, log(1 + 1/4 * 2) for every pair', () => {
  const gain = pairInformation([], ['a', 'b', 'c'])
  expect(gain('a', 'b')).toBeCloseTo(Math.log(1.5), 12)
  expect(gain('b', 'c')).toBeCloseTo(Math.log(1.5), 12)
})

test('what was asked often tells less than what was not, and a foregone win less than an even match', () => {
  const often = pairInformation(
    Array.from({ length: 20 }, (_, at) => answer('a', 'b', at % 2 === 0 ? 1 : 0)),
    ['a', 'b', 'c'],
  )
  expect(often('a', 'c')).toBeGreaterThan(often('a', 'b'))
  const beaten = [
    ...Array.from({ length: 30 }, () => answer('a', 'b', 1)),
    ...Array.from({ length: 30 }, (_, at) => answer('a', 'c', at % 2 === 0 ? 1 : 0)),
  ]
  const gain = pairInformation(beaten, ['a', 'b', 'c'])
  expect(gain('b', 'c')).toBeGreaterThan(0)
  expect(gain('a', 'b')).toBeGreaterThan(0)
  expect(() => gain('a', 'nobody')).toThrow('no player "nobody"')
})

test('it does not matter which way a pair is named, nor in which order answers came; another answer never adds', () => {
  const players = ['a', 'b', 'c', 'd']
  const comparison = fc
    .tuple(
      fc.constantFrom(...players),
      fc.constantFrom(...players),
      fc.constantFrom(0 as const, 0.5 as const, 1 as const),
    )
    .filter(([left, right]) => left !== right)
    .map(([left, right, outcome]) => answer(left, right, outcome))
  fc.assert(
    fc.property(fc.array(comparison, { maxLength: 25 }), (answers) => {
      const gain = pairInformation(answers, players)
      const turned = pairInformation([...answers].reverse(), players)
      for (const one of players)
        for (const other of players) {
          if (one === other) continue
          expect(gain(one, other)).toBeCloseTo(gain(other, one), 9)
          expect(gain(one, other)).toBeCloseTo(turned(one, other), 6)
          expect(gain(one, other)).toBeGreaterThan(0)
          expect(gain(one, other)).toBeLessThanOrEqual(Math.log(1.5) + 1e-9)
        }
    }),
  )
})
