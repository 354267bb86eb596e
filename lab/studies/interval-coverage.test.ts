import { expect, test } from 'vitest'
import { intervalCoverage } from './interval-coverage.ts'

const rows = intervalCoverage({ runs: 60 })
const losing = rows.filter(({ world }) => world.startsWith('loses'))
const others = rows.filter((row) => !losing.includes(row))

test('intervals hold the truth about as often as they say; the naive one beside each does so less often', () => {
  expect(others).toHaveLength(16)
  for (const { interval, world, held } of others) expect(held, `${interval}, ${world}`).toBeGreaterThan(0.86)
  const mean = (of: 'held' | 'naive') => others.reduce((sum, row) => sum + row[of] / others.length, 0)
  expect(mean('held')).toBeGreaterThan(0.93)
  expect(mean('naive')).toBeLessThan(0.7)
})

test('where what an interval assumes is not so, it holds the truth less often than it says', () => {
  expect(losing).toHaveLength(4)
  for (const { interval, world, held } of losing) expect(held, `${interval}, ${world}`).toBeLessThan(0.86)
})
