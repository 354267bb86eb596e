import { checkGate } from '@leeway/core/gate/check'
import { planAt } from '@leeway/core/gate/plan'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { expect, test } from 'vitest'
import { drawLabel, playStage } from './simulated-stage.ts'

test.each([
  ['better', 0.1, 1, 'promote'],
  ['worse', 0.7, 1, 'rollback'],
  ['alike', 0.3, 1, 'hold'],
  ['better, half audited', 0.1, 0.5, 'promote'],
] as const)(
  'a stage decides what the whole check decides, at the same unit: %s',
  (_name, rate, probability, verdict) => {
    const random = seededRandom(41)
    const plan = planAt(0.1, { unitsMin: 20 })
    const { check, units } = playStage({
      plan,
      draw: () => ({
        design: 'paired',
        unit: 'u',
        candidate: drawLabel(rate, probability, random),
        baseline: drawLabel(0.3, probability, random),
      }),
      unitsMax: verdict === 'hold' ? 60 : 2_000,
    })
    expect(check.verdict).toBe(verdict)
    expect(checkGate(units, plan, { seen: 0, audited: 0 })).toMatchObject(check)
    if (verdict !== 'hold')
      expect(checkGate(units.slice(0, -1), plan, { seen: 0, audited: 0 }).verdict).toBe('hold')
  },
)
