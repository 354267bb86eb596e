import { expect, test } from 'vitest'
import { approvalWelfare } from './approval-welfare.ts'

test('more voters do not mend what they all see wrong, knowing more does, and approval can be bought', () => {
  const rows = approvalWelfare(4_000)
  for (const [at, { all, tenfold, information, panel, gapBefore, gapAfter }] of rows.entries()) {
    expect(Math.abs(tenfold - all)).toBeLessThan(0.02)
    if (at > 0) expect(all).toBeGreaterThan(rows[at - 1]?.all ?? 1)
    if (information < 0.7) {
      expect(panel).toBeGreaterThan(all)
      expect(gapAfter).toBeGreaterThan(gapBefore + 0.3)
    }
  }
  expect(rows[0]?.all).toBeLessThan(0.15)
  // Where it should lose: people who know nearly everything are no worse than a panel.
  const last = rows.at(-1)
  expect(last?.panel).toBeLessThanOrEqual(last?.all ?? 0)
  expect(last?.gapAfter).toBe(last?.gapBefore)
})
