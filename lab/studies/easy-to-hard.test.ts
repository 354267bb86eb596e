import { lintLadder } from '@leeway/core/ladder/lint'
import { expect, test } from 'vitest'
import { easyToHard, ladderOf } from './easy-to-hard.ts'

const study = easyToHard(2)

test('weak labels carry a student that keeps to its own word, and nowhere past a simpler rule', () => {
  const [scattered, , rule, nothing] = study.weak
  expect(scattered?.pgrConfident.value).toBeGreaterThan((scattered?.pgrPlain.value ?? 0) + 0.15)
  expect(scattered?.weak).toBeCloseTo(0.75, 1)
  for (const lost of [rule, nothing]) expect(Math.abs(lost?.pgrConfident.value ?? 1)).toBeLessThan(0.2)
})

test('who checks short sums checks long ones, who writes them does not write long ones; blind or taught at random it fails', () => {
  const [seeing, blind, random] = study.transfer
  const lost = (both?: readonly [{ readonly value: number }, { readonly value: number }]) =>
    (both?.[0].value ?? 0) - (both?.[1].value ?? 0)
  expect(seeing?.ranks[1].value).toBeGreaterThan(0.99)
  expect(lost(seeing?.ranks)).toBeLessThan(0.01)
  expect(lost(seeing?.writes)).toBeGreaterThan(0.05)
  expect(seeing?.keeps[1].value).toBeGreaterThan((seeing?.writes[1].value ?? 1) + 0.1)
  expect(blind?.ranks[1].value).toBeLessThan(0.97)
  expect(random?.keeps[1].value).toBeLessThan(random?.writes[1].value ?? 0)
})

test('evidence of short sums opens nothing for long ones; counted across regions it would', () => {
  const of = (policy: string, evidence: string) =>
    study.gate.find((row) => row.policy === policy && row.evidence === evidence)
  for (const policy of ['writer', 'checked writer']) {
    const row = of(policy, 'short sums only')
    expect(row).toMatchObject({ loosened: 0, noUnits: row?.reached })
  }
  expect(of('writer', 'by region')?.loosenedWrongly).toBe(0)
  expect(of('checked writer', 'by region')?.loosened).toBeGreaterThan(0)
  expect(of('writer', 'all regions counted')?.loosenedWrongly).toBeGreaterThan(0)
  expect(lintLadder(ladderOf(3))).toEqual([])
})
