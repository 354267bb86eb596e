import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type MeasuredPolicy, measurePolicy } from './measure-policy.ts'
import { carefulV1 } from './policies/careful-v1.ts'
import { carefulV2 } from './policies/careful-v2.ts'
import { HELP_DESK_POLICIES } from './policies/help-desk-policies.ts'
import { type Check, type Policy, withoutCheck } from './policies/policy.ts'

/** Printed, asserted in ranges, and compared with the tables of docs/guide/demo.md, which are copied from here. */
const SEEDS = ['demo', 'one', 'two']
const TASKS = 2_000
const guide = readFileSync(new URL('../../../../../docs/guide/demo.md', import.meta.url), 'utf8')
const percent = (rate: number | null): string => `${(100 * (rate ?? Number.NaN)).toFixed(1)} %`

describe('failure rates of the policies', () => {
  const measured = new Map<string, MeasuredPolicy>()
  const of = (name: string, seed: string): MeasuredPolicy => measured.get(`${seed} ${name}`)!

  beforeAll(() => {
    const lines: string[] = []
    for (const policy of HELP_DESK_POLICIES) {
      for (const seed of SEEDS) {
        const one = measurePolicy(policy, seed, TASKS)
        measured.set(`${seed} ${policy.name}`, one)
        lines.push(
          `| ${policy.name} | ${seed} | ${percent(one.failureRate)} | ${percent(one.shortFailureRate)} | ${percent(one.longFailureRate)} | ${percent(one.severeRate)} |`,
        )
      }
    }
    console.log(lines.join('\n'))
    rows.push(...lines)
  })
  const rows: string[] = []

  it.each(SEEDS)('are where the demo needs them under seed %s', (seed) => {
    const ranges: Readonly<Record<string, readonly [number, number]>> = {
      'careful-v1': [0.12, 0.18],
      'careful-v2': [0.05, 0.09],
      'thrifty-v1': [0.14, 0.21],
      'fast-v1': [0.3, 0.4],
      'short-sighted-v1': [0.18, 0.27],
    }
    for (const [name, [low, high]] of Object.entries(ranges)) {
      const { failureRate } = of(name, seed)
      expect(failureRate, name).toBeGreaterThan(low)
      expect(failureRate, name).toBeLessThan(high)
    }
  })

  it.each(SEEDS)('tell apart by horizon: short-sighted-v1 under seed %s', (seed) => {
    const [anchor, shortSighted] = [of('careful-v1', seed), of('short-sighted-v1', seed)]
    expect(shortSighted.shortFailureRate!).toBeLessThan(anchor.shortFailureRate! - 0.03)
    expect(shortSighted.longFailureRate!).toBeGreaterThan(anchor.longFailureRate! + 0.2)
  })

  it.each(SEEDS)('leave thrifty-v1 undecided in pairs with the anchor under seed %s', (seed) => {
    const [anchor, thrifty] = [of('careful-v1', seed).failures, of('thrifty-v1', seed).failures]
    const worse = thrifty.filter((failed, task) => failed > anchor[task]!).length / TASKS
    const better = thrifty.filter((failed, task) => failed < anchor[task]!).length / TASKS
    expect(Math.min(worse, better)).toBeGreaterThan(0.03)
    expect(Math.abs(worse - better)).toBeLessThan(0.04)
  })

  it.each(SEEDS)('are severe only where nobody asks before acting, under seed %s', (seed) => {
    for (const { name } of HELP_DESK_POLICIES) {
      const { severeRate } = of(name, seed)
      if (name === 'fast-v1') expect(severeRate).toBeGreaterThan(0.02)
      else expect(severeRate, name).toBe(0)
    }
  })

  it('stand in the guide as measured', () => {
    for (const row of rows) expect(guide).toContain(row)
  })
})

describe('removing one check from a policy', () => {
  const rows: string[] = []
  const remove = (policy: Policy, check: Check, full: MeasuredPolicy): { rate: number; severe: number } => {
    const less = measurePolicy(withoutCheck(policy, check), 'demo', TASKS)
    const difference = less.failureRate! - full.failureRate!
    rows.push(
      `| ${policy.name} | ${check} | ${percent(full.failureRate)} | ${percent(less.failureRate)} | ${difference < 0 ? '−' : '+'}${(100 * Math.abs(difference)).toFixed(1)} points | ${percent(less.severeRate)} |`,
    )
    return { rate: difference, severe: less.severeRate! }
  }
  /** Points by which the failure rate must rise on 2,000 tasks; measured about twice these. */
  const leastRise: Readonly<Record<string, readonly (readonly [Check, number])[]>> = {
    'careful-v1': [
      ['identity', 0.01],
      ['ownership', 0.01],
      ['returnWindow', 0.05],
      ['refundLimit', 0.01],
      ['discount', 0.01],
      ['confirmation', 0.05],
    ],
    'careful-v2': [
      ['returnsArticle', 0.01],
      ['rereadAfterChange', 0.003],
      ['planParts', 0.01],
    ],
  }

  it('raises its failure rate on the same 2,000 tasks, by the figures in the guide', () => {
    for (const policy of [carefulV1, carefulV2]) {
      const full = measurePolicy(policy, 'demo', TASKS)
      for (const [check, least] of leastRise[policy.name]!) {
        const { rate, severe } = remove(policy, check, full)
        expect(rate, `${policy.name} without ${check}`).toBeGreaterThan(least)
        if (check === 'identity' || check === 'ownership' || check === 'confirmation')
          expect(severe).toBeGreaterThan(0)
      }
    }
    console.log(rows.join('\n'))
    for (const row of rows) expect(guide).toContain(row)
  })
})
