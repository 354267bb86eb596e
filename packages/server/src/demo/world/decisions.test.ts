import { checkGate, type Verdict } from '@leeway/core/gate/check'
import { planAt } from '@leeway/core/gate/plan'
import type { GateUnit } from '@leeway/core/gate/unit'
import { describe, expect, it } from 'vitest'
import { requestFacts } from './draw-request.ts'
import { measurePolicy } from './measure-policy.ts'
import { carefulV1 } from './policies/careful-v1.ts'
import { carefulV2 } from './policies/careful-v2.ts'
import { fastV1 } from './policies/fast-v1.ts'
import type { Policy } from './policies/policy.ts'
import { shortSightedV1 } from './policies/short-sighted-v1.ts'
import { thriftyV1 } from './policies/thrifty-v1.ts'
import type { Horizon } from './request.ts'
import { createRng } from './rng.ts'

/**
 * The story the demo tells, decided by the real gate: 600 pairs with the anchor at a margin of 5 points. A release
 * draws its own order of the tasks, so each decision is tried under 20 orders; the gate may cross by chance in some.
 */
const TASKS = 600
const ORDERS = 20
const baseline = measurePolicy(carefulV1, 'demo', TASKS)
const horizons = Array.from({ length: TASKS }, (_, task) => requestFacts(`task-${task}`, 'demo').horizon)

function verdicts(policy: Policy, horizon: Horizon | null): Readonly<Record<Verdict, number>> {
  const candidate = measurePolicy(policy, 'demo', TASKS)
  const label = (failure: 0 | 1) => ({ kind: 'observed', failure, probability: 1, judge: null }) as const
  const tasks = horizons.flatMap((one, task) => (horizon === null || one === horizon ? [task] : []))
  const counts = { promote: 0, hold: 0, rollback: 0, unhealthy: 0 }
  for (let order = 0; order < ORDERS; order++) {
    const rng = createRng(`order ${order}`)
    const drawn = tasks.map((task) => ({ task, at: rng.next() })).sort((one, other) => one.at - other.at)
    const units = drawn.map(
      ({ task }): GateUnit => ({
        design: 'paired',
        unit: `task-${task}`,
        candidate: label(candidate.failures[task]!),
        baseline: label(baseline.failures[task]!),
      }),
    )
    counts[checkGate(units, planAt(0.05), { seen: 0, audited: units.length }).verdict] += 1
  }
  return counts
}

describe('what the gate says of the demo policies against the anchor, under 20 orders of 600 tasks', () => {
  it('promotes careful-v2, always', () => {
    expect(verdicts(carefulV2, null)).toMatchObject({ promote: ORDERS })
  })

  it('rolls fast-v1 back, always', () => {
    expect(verdicts(fastV1, null)).toMatchObject({ rollback: ORDERS })
  })

  it('holds thrifty-v1: 600 pairs are too few', () => {
    const counts = verdicts(thriftyV1, null)
    expect(counts.hold).toBeGreaterThanOrEqual(ORDERS * 0.8)
    expect(counts.rollback).toBe(0)
  })

  it('promotes short-sighted-v1 on short tasks and rolls it back on long ones, always', () => {
    expect(verdicts(shortSightedV1, 'short')).toMatchObject({ promote: ORDERS })
    expect(verdicts(shortSightedV1, 'long')).toMatchObject({ rollback: ORDERS })
  })
})
