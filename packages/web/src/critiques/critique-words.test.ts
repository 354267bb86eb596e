import { expect, test } from 'vitest'
import { pointWords, shownWords } from './critique-words.ts'

const SPACES = /[\u202f\u00a0]/g

test.each([
  ['minor', 6, 'all claims'],
  ['minor', 2, 'all claims, 2 at most'],
  ['major', 6, 'claims that are major or critical'],
  ['critical', 1, 'claims that are critical, 1 at most'],
] as const)('from %s on and %i at most', (severity, most, words) => {
  expect(shownWords({ severity, most })).toBe(words)
})

test('a choice is told with its intervals, and what cannot be told is said', () => {
  const point = {
    severity: 'major',
    most: 6,
    recall: { share: 0.8, low: 0.6, high: 0.92 },
    precision: { share: 0.5, low: 0.31, high: 0.69 },
    missed: 4,
    alarms: 1,
  } as const
  expect(pointWords(point).replaceAll(SPACES, ' ')).toBe(
    'With claims that are major or critical: 80 % (60 to 92) of the claims that hold are shown, 50 % (31 to 69) of those shown hold; 4 missed, 1 false alarm.',
  )
  expect(pointWords({ ...point, recall: null, precision: null })).toContain('no claim held, none is shown')
})
