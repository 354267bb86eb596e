import { expect, test } from 'vitest'
import { pairAuditsStudy } from './pair-audits.ts'

test('putting the pairs to people that tell most takes fewer minutes, and promotes at the margin no more often', () => {
  const rows = pairAuditsStudy(25)
  const of = (setting: string, rule: string) => {
    const row = rows.find((one) => one.setting === setting && one.rule === rule)
    if (row === undefined) throw new Error(`no ${setting}`)
    return row
  }
  expect(of('judge fits', 'allocated').minutes ?? Number.NaN).toBeLessThan(
    0.85 * (of('judge fits', 'share').minutes ?? Number.NaN),
  )
  // Who knows the judge beforehand is the bound, but for what 25 runs leave open.
  expect(of('judge fits', 'oracle').minutes ?? Number.NaN).toBeLessThan(
    1.1 * (of('judge fits', 'allocated').minutes ?? Number.NaN),
  )
  // With 5 % each, more than 5 of 25 happen once in 200 such rows.
  for (const { falselyPromoted } of rows) expect(falselyPromoted).toBeLessThanOrEqual(0.2)
})
