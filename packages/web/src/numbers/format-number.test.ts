import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatEValue,
  formatPercent,
  formatPercentInterval,
  formatPoints,
  formatPointsInterval,
} from './format-number.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ').replaceAll('\u2212', '-')

test('counts have separators and their noun agrees', () => {
  expect(formatCount(1900)).toBe('1,900')
  expect(plain(formatCountOf(1, 'episode'))).toBe('1 episode')
  expect(plain(formatCountOf(0, 'episode'))).toBe('0 episodes')
})

test('a share is printed with its interval, without repeating the unit', () => {
  expect(plain(formatPercentInterval({ estimate: 0.3, low: 0.21, high: 0.4 }))).toBe('30 % (21 to 40)')
  expect(plain(formatPercent(0.005))).toBe('0.5 %')
  expect(plain(formatPercent(1))).toBe('100 %')
})

test('a difference says its sign and calls its unit points', () => {
  expect(plain(formatPoints(0.05))).toBe('+5 points')
  expect(plain(formatPoints(0.01))).toBe('+1 point')
  expect(plain(formatPoints(-0.012))).toBe('-1.2 points')
  expect(plain(formatPoints(0))).toBe('0 points')
  expect(plain(formatPointsInterval({ estimate: 0.05, low: -0.02, high: 0.12 }))).toBe(
    '+5 points (-2 to +12)',
  )
})

test('a difference too small to print has no sign', () => {
  expect(plain(formatPoints(-0.00001))).toBe('0 points')
  expect(plain(formatPoints(0.00001))).toBe('0 points')
})

test('durations use the two units a person would', () => {
  expect(plain(formatDuration(340))).toBe('340 ms')
  expect(plain(formatDuration(1234))).toBe('1.2 s')
  expect(plain(formatDuration(59_960))).toBe('1 min')
  expect(plain(formatDuration(125_000))).toBe('2 min 5 s')
  expect(plain(formatDuration(6 * 3_600_000))).toBe('6 h')
  expect(plain(formatDuration(3 * 86_400_000))).toBe('3 days')
})

test('bytes are decimal', () => {
  expect(plain(formatBytes(512))).toBe('512 B')
  expect(plain(formatBytes(1_500_000))).toBe('1.5 MB')
  expect(plain(formatBytes(999_960))).toBe('1 MB')
})

test('e-values keep two meaningful digits and stop counting at a million', () => {
  expect(formatEValue(Math.log(4.2))).toBe('4.2')
  expect(formatEValue(Math.log(1200))).toBe('1,200')
  expect(formatEValue(50)).toBe('over a million')
  expect(formatEValue(-50)).toBe('under 0.01')
})

test('no finite input prints NaN, Infinity, a double sign or a negative zero', () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(finite, (value) => {
      for (const text of [
        formatPercent(value),
        formatPoints(value),
        formatCount(Math.round(value)),
        formatDuration(Math.abs(value)),
        formatEValue(value),
        formatBytes(Math.abs(Math.round(value))),
      ]) {
        expect(plain(text)).not.toMatch(/NaN|Infinity|undefined|[+-][+-]|-0(?![.\d])/)
      }
    }),
    { seed: 1, numRuns: 2000 },
  )
})
