import { expect, test } from 'vitest'
import { runCrashes } from './crash-run.ts'

test('ten kills lose nothing that was acknowledged and double nothing', async () => {
  const result = await runCrashes({ kills: 10, seed: 1, print: (line) => console.log(line) })
  expect(result.faults).toEqual([])
  expect(result.acknowledgedEpisodes).toBeGreaterThan(0)
  expect(result.acknowledgedUnits).toBeGreaterThan(0)
  expect(result.acknowledgedApprovals).toBeGreaterThan(0)
}, 400_000)
