import { expect, test } from 'vitest'
import { auditGame } from './audit-game.ts'

const RUNS = 400
const study = auditGame(RUNS)

test('the published figures come out, computed and played', () => {
  for (const { published, computed, simulated } of study.upfront) {
    expect(Math.abs(computed - published)).toBeLessThan(0.01)
    expect(Math.abs(simulated - computed)).toBeLessThan(
      3 * Math.sqrt((computed * (1 - computed)) / RUNS) + 1e-9,
    )
  }
})

test('the deferred band is at least as safe as the monitor, and a good monitor safer than random audits', () => {
  for (const { monitor, band } of study.signals) expect(band).toBeGreaterThanOrEqual(monitor)
  const best = study.signals.at(-1)
  expect(best?.monitor).toBeGreaterThan(best?.upfront ?? 1)
  // Without signal the monitor loses to random audits.
  const [none] = study.signals
  expect(none?.monitor).toBeLessThan(none?.upfront ?? 0)
})

test('a monitor stops nobody who can place a score under its thresholds', () => {
  expect(study.knowsThreshold).toBe(0)
})

test('fast burners of the budget are stopped, honest agents are not', () => {
  const of = (rate: number) => study.burners.find((row) => row.rate === rate)?.stopped
  expect(of(1)).toBe(1)
  expect(of(0.2)).toBeGreaterThan(0.95)
  expect(of(0.02)).toBeLessThanOrEqual(0.01 + 3 * Math.sqrt((0.01 * 0.99) / RUNS))
})
