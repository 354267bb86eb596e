import { expect, test } from 'vitest'
import { allocatorStudy } from './allocator.ts'

test('choosing who looks at what takes fewer minutes at the same error, and nothing where all is alike', () => {
  const rows = allocatorStudy(60)
  const of = (setting: string, rule: string) =>
    rows.find((row) => row.setting === setting && row.rule === rule)?.minutes ?? Number.NaN
  expect(of('skills known', 'allocated')).toBeLessThan(0.7 * of('skills known', 'random'))
  expect(of('skills known', 'allocated')).toBeLessThan(of('skills known', 'best rater, any episode'))
  const even = of('nothing to gain', 'allocated') / of('nothing to gain', 'random')
  expect(even).toBeGreaterThan(0.75)
  expect(even).toBeLessThan(1.35)
  for (const { falselyPromoted } of rows) expect(falselyPromoted).toBeLessThanOrEqual(0.12)
})
