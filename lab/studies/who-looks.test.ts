import { expect, test } from 'vitest'
import { whoLooksStudy } from './who-looks.ts'

test('a choice by question saves minutes and stays valid; one by what the judge says of an episode does not', () => {
  const rows = whoLooksStudy(40)
  const of = (setting: string, rule: string) => {
    const row = rows.find((one) => one.setting === setting && one.rule === rule)
    if (row === undefined) throw new Error(`no ${setting}`)
    return row
  }
  // With 5 % each, more than 6 of 40 happen once in 150 such rows.
  for (const rule of ['anyone', 'by question', 'oracle'])
    for (const setting of ['judge alike on both arms', 'failures hidden', 'tiers alike'])
      expect(of(setting, rule).falselyPromoted).toBeLessThanOrEqual(0.175)
  expect(of('failures hidden', 'by episode').falselyPromoted).toBeGreaterThan(0.3)
  expect(of('judge alike on both arms', 'by question').minutes ?? Number.NaN).toBeLessThan(
    of('judge alike on both arms', 'anyone').minutes ?? Number.NaN,
  )
})
