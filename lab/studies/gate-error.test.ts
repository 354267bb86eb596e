import { expect, test } from 'vitest'
import { gateError } from './gate-error.ts'

test('false promotion and false rollback stay at alpha in every design whose units are independent', () => {
  const runs = 500
  const slack = 3 * Math.sqrt((0.05 * 0.95) / runs)
  const rows = gateError({ runs, units: 600 })
  const alike = rows.at(-1)
  for (const row of rows.slice(0, -1)) {
    expect(row.falsePromotion, `${row.world}: promotion`).toBeLessThanOrEqual(0.05 + slack)
    expect(row.falseRollback, `${row.world}: rollback`).toBeLessThanOrEqual(0.05 + slack)
  }
  // The negative controls: testing once and looking often, and units that come ten alike.
  expect(rows[0]?.naivePromotion).toBeGreaterThan(0.1)
  expect(alike?.world).toContain('ten alike')
  expect((alike?.falsePromotion ?? 0) + (alike?.falseRollback ?? 0)).toBeGreaterThan(0.2)
})
