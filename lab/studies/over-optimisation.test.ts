import { expect, test } from 'vitest'
import { overOptimisation } from './over-optimisation.ts'

test('a flawed rater is worth little search, vetting moves the peak, averaging does not, audits find it', () => {
  const rows = overOptimisation({ draws: 40_000, runs: 20 })
  const [flawed, averaged, vetted, diverse, alike] = rows
  // Every proxy rises with every doubling, whatever gold does.
  for (const { proxy } of rows)
    for (let at = 1; at < proxy.length; at++) expect(proxy[at]).toBeGreaterThan(proxy[at - 1] as number)
  expect(flawed?.peak).toBeLessThanOrEqual(8)
  expect(averaged?.peak).toBeLessThanOrEqual(8)
  expect(vetted?.peak).toBeGreaterThanOrEqual(64)
  expect(diverse?.peak).toBe(1024)
  // Where the method should lose: three raters with one flaw.
  expect(alike?.peak).toBeLessThanOrEqual(8)
  const [audited, , blind] = flawed?.stops ?? []
  expect(audited?.past).toBeLessThanOrEqual(0.05)
  expect(audited?.regret).toBeLessThan(0.2)
  // The negative control: without audits the search ends far past the peak.
  expect(blind?.past).toBe(1)
  expect(blind?.regret).toBeGreaterThan(1)
})
