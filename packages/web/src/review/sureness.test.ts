import { expect, test } from 'vitest'
import { leastSure, rounded, SURE_MAX, SURE_START, surer } from './sureness.ts'

test('the first key says something, and the next ones more or less of it', () => {
  expect(surer(null, 1, 0.51)).toBe(SURE_START)
  expect(surer(null, -1, 0.51)).toBe(SURE_START)
  expect(surer(0.75, 1, 0.51)).toBe(0.8)
  expect(surer(0.97, 1, 0.51)).toBe(SURE_MAX)
  expect(surer(0.53, -1, 0.51)).toBe(0.51)
})

test('the least is just above what a guess is right with', () => {
  expect(leastSure(2)).toBe(0.51)
  expect(leastSure(3)).toBe(0.34)
  expect(leastSure(0)).toBe(0.51)
  expect(rounded(0.1, leastSure(3))).toBe(0.34)
})
