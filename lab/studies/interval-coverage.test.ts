import { expect, test } from 'vitest'
import { intervalCoverage } from './interval-coverage.ts'

test('intervals hold the truth about as often as they say; the naive one beside each does so less often', () => {
  const rows = intervalCoverage({ runs: 60 })
  expect(rows).toHaveLength(12)
  for (const { interval, world, held } of rows) expect(held, `${interval}, ${world}`).toBeGreaterThan(0.86)
  const mean = (of: 'held' | 'naive') => rows.reduce((sum, row) => sum + row[of] / rows.length, 0)
  expect(mean('held')).toBeGreaterThan(0.93)
  expect(mean('naive')).toBeLessThan(0.7)
})
