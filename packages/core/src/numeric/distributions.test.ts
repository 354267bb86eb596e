/** Values: SciPy 1.17.1, norm.ppf, norm.sf, t.ppf. */
import { describe, expect, test } from 'vitest'
import { normalQuantile, normalUpperTail } from './normal.ts'
import { studentQuantile } from './student-t.ts'

describe('normal', () => {
  test.each([
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.5, 0],
    [0.6, 0.2533471031357997],
    [1e-5, -4.264890793922825],
    [1e-300, -37.0471],
  ])('quantile %s', (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, probability === 1e-300 ? 4 : 12)
  })

  test.each([
    [0, 0.5],
    [1.5, 0.06680720126885807],
    [2.999999, 0.0013499024633],
    [3.5, 0.00023262907903552504],
    [10, 7.61985302416052e-24],
    [-2, 0.9772498680518208],
  ])('upper tail at %s', (x, tail) => {
    expect(normalUpperTail(x) / tail).toBeCloseTo(1, 9)
  })

  test('no quantile at 0 or 1', () => {
    expect(() => normalQuantile(0)).toThrow(RangeError)
    expect(() => normalQuantile(1)).toThrow(RangeError)
  })
})

describe('Student', () => {
  test.each([
    [0.975, 1, 12.706204736432095],
    [0.975, 9, 2.2621571628540993],
    [0.95, 29, 1.6991270265334972],
    [0.025, 59, -2.0009953780882688],
    [0.995, 1000, 2.580754698095009],
    [0.975, 5e6, 1.9599644589944127],
  ])('quantile %s with %s degrees', (probability, degrees, t) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(t, 9)
  })
})
