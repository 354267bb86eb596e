import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EXP_FRACTIONS, EXP_POWERS, EXP_RANGE, expByTables } from './exp-tables.ts'

test('agrees with Math.exp to 2e-13 over the whole range', () => {
  fc.assert(
    fc.property(fc.double({ min: -EXP_RANGE, max: EXP_RANGE, noNaN: true }), (x) => {
      const exact = Math.exp(x)
      expect(Math.abs(expByTables(x, EXP_FRACTIONS, EXP_POWERS) - exact)).toBeLessThanOrEqual(2e-13 * exact)
    }),
    { numRuns: 20_000 },
  )
  expect(expByTables(0, EXP_FRACTIONS, EXP_POWERS)).toBe(1)
})
