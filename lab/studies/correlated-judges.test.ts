import { expect, test } from 'vitest'
import { correlatedJudges } from './correlated-judges.ts'

test('judges who err together: independence covers far too little, items and judges drawn whole cover', () => {
  const rows = correlatedJudges(60)
  const of = (world: string) => {
    const row = rows.find((one) => one.world === world)
    if (row === undefined) throw new Error(`no row ${world}`)
    return row
  }
  for (const { world, ours } of rows)
    if (!world.endsWith('10 items')) expect(ours, world).toBeGreaterThanOrEqual(0.85)
  for (const { world, oracle } of rows) expect(oracle, world).toBeGreaterThanOrEqual(0.85)
  // The negative controls: at 0.8 the naive interval covers about two runs in three, and ten items are too few for ours.
  expect(of('correlation 0.8').naive).toBeLessThan(0.82)
  expect(of('correlation 0.8, 10 items').ours).toBeLessThan(0.93)
})
