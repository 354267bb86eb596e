import { expect, test } from 'vitest'
import { sparklinePaths } from './sparkline-path.ts'

const box = { width: 100, height: 40 }

test('zero is the middle and worse is up, as in the large chart', () => {
  const paths = sparklinePaths(
    [
      { estimate: 0, low: -0.1, high: 0.1 },
      { estimate: 0.05, low: -0.05, high: 0.1 },
    ],
    0.05,
    box,
  )
  expect(paths.zeroY).toBe(20)
  expect(paths.marginY).toBeLessThan(20)
  expect(paths.line).toMatch(/^M0 20L100 \d/)
  expect(Number(paths.line.split(' ').at(-1))).toBeLessThan(20)
})

test('a band beyond the box is clipped to it', () => {
  const wild = { estimate: 0.9, low: -1, high: 1 }
  const paths = sparklinePaths([wild, { estimate: 0, low: -0.01, high: 0.01 }], 0.05, box)
  for (const number of paths.band.match(/[\d.]+/g) ?? []) expect(Number(number)).toBeLessThanOrEqual(100)
  expect(paths.band).toContain('M0 0')
})

test('nothing to draw gives empty paths, not broken ones', () => {
  expect(sparklinePaths([], 0.05, box)).toEqual({ line: '', band: '', zeroY: 20, marginY: 10 })
})
