import { expect, test } from 'vitest'
import { drawnWorlds, overOptimisation } from './over-optimisation.ts'

test('a flawed rater is worth little search, vetting moves the peak, averaging does not, audits find it', () => {
  const rows = overOptimisation({ draws: 40_000, runs: 20 })
  const [flawed, averaged, vetted, diverse, alike, criticised] = rows
  // Every proxy rises with every doubling, whatever gold does.
  for (const { proxy } of rows)
    for (let at = 1; at < proxy.length; at++) expect(proxy[at]).toBeGreaterThan(proxy[at - 1] as number)
  expect(flawed?.peak).toBeLessThanOrEqual(8)
  expect(averaged?.peak).toBeLessThanOrEqual(8)
  expect(vetted?.peak).toBeGreaterThanOrEqual(64)
  expect(diverse?.peak).toBe(1024)
  // Where the method should lose: three raters with one flaw.
  expect(alike?.peak).toBeLessThanOrEqual(8)
  // Critiques make the peak higher, and do not keep gold from falling past it.
  const best = (row: typeof flawed) => Math.max(...(row?.gold ?? []))
  expect(best(criticised)).toBeGreaterThan(best(flawed) + 0.05)
  expect(criticised?.peak).toBeLessThan(vetted?.peak ?? 0)
  expect(criticised?.gold.at(-1)).toBeLessThan(best(criticised) - 1)
  const [audited, , blind] = flawed?.stops ?? []
  expect(audited?.past).toBeLessThanOrEqual(0.05)
  expect(audited?.regret).toBeLessThan(0.2)
  // The negative control: without audits the search ends far past the peak.
  expect(blind?.past).toBe(1)
  expect(blind?.regret).toBeGreaterThan(1)
})

test('in worlds drawn anew audits lose much less than a search to the end, also where no search is worth it', () => {
  const [audited, , blind] = drawnWorlds({ worlds: 6, draws: 20_000, runs: 3 })
  expect(audited?.regret).toBeLessThan(0.4)
  expect(blind?.regret).toBeGreaterThan(1)
  expect(audited?.past).toBeLessThan(blind?.past ?? 0)
})
