import { expect, test } from 'vitest'
import { gateValidityBroken } from './gate-validity-broken.ts'

test('the gate errs where what it assumes is not so, and does not where the mend is in force', () => {
  const runs = 300
  const limit = runs * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  for (const { world, mend, broken, mended } of gateValidityBroken(runs)) {
    expect(broken.promoted, world).toBeGreaterThan(2 * limit)
    expect(mended.promoted, mend).toBeLessThanOrEqual(limit)
  }
})
