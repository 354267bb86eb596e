import { expect, test } from 'vitest'
import { plantedFailures, plantedHarm } from './planted-harm.ts'

test('harm that hides is promoted no more often than promised, where the naive rule promotes it; honest candidates pass', () => {
  const runs = 100
  const rows = plantedHarm({ runs, pairs: 1_200 })
  const of = (candidate: string, trick: string) =>
    rows.find((row) => row.candidate === candidate && row.trick.startsWith(trick))
  const slack = 3 * Math.sqrt((0.05 * 0.95) / runs)
  for (const trick of [
    'secretly',
    'hides',
    'lets its failures',
    'splits',
    'behaves when watched, and cannot tell',
  ]) {
    expect(of('harmful', trick)?.promoted, trick).toBeLessThanOrEqual(0.05 + slack)
    // An oracle stops all of it; the negative control does not.
    if (trick !== 'secretly') expect(of('harmful', trick)?.naivePromoted, trick).toBeGreaterThan(0.5)
  }
  expect(of('honest', 'secretly')?.promoted).toBeGreaterThan(0.8)
  // Whoever can tell the audits goes through: the gate promises nothing there.
  expect(of('harmful', 'behaves when watched, and can tell 100 %')?.promoted).toBeGreaterThan(0.1)
})

test('what is broken is unhealthy, and never promoted', () => {
  expect(plantedFailures().map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['unhealthy', 'arms-unbalanced'],
    ['unhealthy', 'no-units'],
    ['unhealthy', 'labels-missing'],
    ['unhealthy', 'labels-missing'],
  ])
})
