import { expect, test } from 'vitest'
import { gateError } from './gate-error.ts'

test('false promotion and false rollback stay at alpha in every design', () => {
  const runs = 500
  const slack = 3 * Math.sqrt((0.05 * 0.95) / runs)
  for (const row of gateError({ runs, units: 600 })) {
    expect(row.falsePromotion, `${row.world}: promotion`).toBeLessThanOrEqual(0.05 + slack)
    expect(row.falseRollback, `${row.world}: rollback`).toBeLessThanOrEqual(0.05 + slack)
  }
})
