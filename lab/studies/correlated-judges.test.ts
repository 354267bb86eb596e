import { expect, test } from 'vitest'
import { correlatedJudges } from './correlated-judges.ts'

test('judges who err together: independence covers far too little, items and judges drawn whole cover', () => {
  const rows = correlatedJudges(60)
  for (const { ours } of rows) expect(ours).toBeGreaterThanOrEqual(0.85)
  // The negative control: at 0.8 the naive interval covers about two runs in three.
  expect(rows.at(-1)?.naive).toBeLessThan(0.82)
})
