import { expect, test } from 'vitest'
import { powerDrawn } from './power-drawn.ts'

test('in designs that are drawn the gate is near what is possible, and the planner foresees it', () => {
  // Those that take few labels.
  const rows = powerDrawn(
    { designs: 16, runs: 200, forecastRuns: 200 },
    ({ design: { judgeAccuracy, baselineFailure, candidateFailure }, margin }) =>
      judgeAccuracy === null && margin + baselineFailure - candidateFailure > 0.08,
  )
  expect(rows.length).toBeGreaterThan(2)
  for (const { labelsMean, oracle, forecastPairs, pairs } of rows) {
    // No test of this error needs fewer on average; a mean of 200 runs is known to about 7 %.
    expect((labelsMean ?? 0) / (oracle ?? 0)).toBeGreaterThan(0.85)
    expect((labelsMean ?? 0) / (oracle ?? 0)).toBeLessThan(1.5)
    expect(Math.abs((forecastPairs ?? 0) / (pairs ?? 1) - 1)).toBeLessThan(0.3)
  }
})
