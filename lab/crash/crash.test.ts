import { expect, test } from 'vitest'
import { runRatingCrashes } from './crash-rating.ts'
import { runCrashes } from './crash-run.ts'

test('ten kills lose nothing that was acknowledged and double nothing', async () => {
  const result = await runCrashes({ kills: 10, seed: 1, print: (line) => console.log(line) })
  expect(result.faults).toEqual([])
  for (const acknowledged of [
    result.episodes,
    result.releases,
    result.units,
    result.checks,
    result.approvals,
  ])
    expect(acknowledged).toBeGreaterThan(0)
}, 400_000)

test('three kills while people rate lose no acknowledged answer and store none twice', async () => {
  const result = await runRatingCrashes({ kills: 3, seed: 1, print: (line) => console.log(line) })
  expect(result.faults).toEqual([])
  expect(result.acknowledged).toBeGreaterThan(0)
}, 400_000)
