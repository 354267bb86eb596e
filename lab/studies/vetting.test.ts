import { expect, test } from 'vitest'
import { vettingStudy } from './vetting.ts'

test('vetting keeps few poor raters and halves wrong answers where many are careless; a fixed cut lets poor ones in', () => {
  const rows = vettingStudy(10)
  const of = (world: string, rule: string) => {
    const row = rows.find((one) => one.world === world && one.rule === rule)
    if (row === undefined) throw new Error(`no row ${world} ${rule}`)
    return row
  }
  for (const { rule, poorKept } of rows)
    if (rule.startsWith('vetting, bar 0.65')) expect(poorKept).toBeLessThanOrEqual(0.06)
  expect(of('mostly careless', 'vetting, bar 0.65').wrong).toBeLessThan(
    0.5 * (of('mostly careless', 'everybody').wrong ?? 0),
  )
  // The negative controls: the naive rule keeps poor raters, and no vetting before work sees skill that falls later.
  expect(of('mixed', '8 of 10').poorKept).toBeGreaterThan(0.08)
  expect(of('careful until nobody looks', 'vetting, bar 0.65').wrong).toBeGreaterThan(0.3)
  expect(of('all just above the bar', 'vetting, bar 0.65').goodKept).toBeLessThan(0.5)
})
