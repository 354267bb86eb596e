import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { forecastUnits } from '../planner/forecast.ts'
import type { Design } from '../planner/summand-law.ts'
import { unitsNeeded } from './labels-needed.ts'
import { defaultBetPrior } from './plan.ts'

test('what people are told they wait for is near the simulated gate', () => {
  const off = [0.1, 0.07, 0.05].map((candidate) => {
    const design: Design = {
      candidateFailure: candidate,
      baselineFailure: 0.1,
      judgeAccuracy: null,
      budget: 1,
      labelError: null,
      identicalShare: 0,
    }
    const plan = { margin: 0.03, alpha: 0.05, betPrior: defaultBetPrior(0.03) }
    const forecast = forecastUnits(design, plan, { runs: 600, unitsMax: 20_000, random: seededRandom(5) })
    const said = unitsNeeded({
      margin: 0.03,
      difference: candidate - 0.1,
      discordance: candidate * 0.9 + 0.1 * (1 - candidate),
      alpha: 0.05,
      logWealth: 0,
      claim: 'promote',
    })
    if (said.kind !== 'units' || forecast.kind !== 'units') throw new Error('out of reach')
    return said.units / forecast.median - 1
  })
  for (const share of off) expect(Math.abs(share)).toBeLessThan(0.15)
})
