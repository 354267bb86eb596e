import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { checkGate } from './check.ts'
import { gatherEvidence } from './evidence.ts'
import { planAt } from './plan.ts'
import { weighStratum } from './strata.ts'
import type { PairedUnit } from './unit.ts'

const unit = (
  index: number,
  candidate: number,
  baseline: number,
  more: Partial<PairedUnit> = {},
): PairedUnit => ({
  design: 'paired',
  unit: `u${index}`,
  candidate: { kind: 'observed', failure: candidate, probability: 1, judge: null },
  baseline: { kind: 'observed', failure: baseline, probability: 1, judge: null },
  ...more,
})

test('a cluster is one play, with the mean of its units', () => {
  const clustered = [
    unit(0, 1, 0, { cluster: 'a' }),
    unit(1, 0, 0, { cluster: 'b' }),
    unit(2, 0, 1, { cluster: 'a' }),
    unit(3, 1, 1, { cluster: 'a' }),
  ]
  const evidence = gatherEvidence(clustered, planAt(0.1))
  const means = gatherEvidence([unit(0, 1 / 3, 1 / 3), unit(1, 0, 0)], planAt(0.1))
  expect(evidence.units).toBe(2)
  expect(evidence.labels).toBe(8)
  expect(evidence.logPromote).toBeCloseTo(means.logPromote, 10)
})

test('clusters whose units all agree promote harm when they are read as single units, and not as clusters', () => {
  const random = seededRandom(9)
  const runs = 120
  const wrong = { single: 0, clustered: 0 }
  for (let run = 0; run < runs; run++) {
    const units: PairedUnit[] = []
    for (let cluster = 0; cluster < 40; cluster++) {
      const failures = [random() < 0.25 ? 1 : 0, random() < 0.15 ? 1 : 0] as const
      for (let k = 0; k < 6; k++)
        units.push(unit(6 * cluster + k, failures[0], failures[1], { cluster: `c${cluster}` }))
    }
    if (checkGate(units, planAt(0.1), { seen: 0, audited: 0 }).verdict === 'promote') wrong.clustered += 1
    const single = units.map(({ cluster: _, ...rest }) => rest)
    if (checkGate(single, planAt(0.1), { seen: 0, audited: 0 }).verdict === 'promote') wrong.single += 1
  }
  expect(wrong.clustered / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  expect(wrong.single / runs).toBeGreaterThan(0.1)
})

test('strata: by hand, and the weighted difference is what is estimated', () => {
  const strata = { rare: { weight: 0.1, share: 0.5 }, common: { weight: 0.9, share: 0.5 } }
  expect(weighStratum({ value: 1, min: -1, max: 1 }, 'rare', strata)).toEqual({
    value: 0.2,
    min: -1.8,
    max: 1.8,
  })
  expect(() => weighStratum({ value: 1, min: -1, max: 1 }, 'other', strata)).toThrow('other')
  const random = seededRandom(10)
  const units = Array.from({ length: 4000 }, (_, index) => {
    const stratum = random() < 0.5 ? 'rare' : 'common'
    // The candidate is 40 points worse on the rare stratum, 10 points better on the common one: 5 points better over all.
    const rate = stratum === 'rare' ? 0.6 : 0.1
    return unit(index, random() < rate ? 1 : 0, random() < 0.2 ? 1 : 0, { stratum })
  })
  const { estimate } = gatherEvidence(units, planAt(0.05, { strata }))
  expect(Math.abs((estimate ?? 1) + 0.05)).toBeLessThan(0.04)
})
