/** `leeway gate check` as a process: what it prints, and what it tells the shell. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'

vi.setConfig({ testTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-gate-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The evidence of docs/guide/gate-check.md: two arms that fail on every n-th task. */
function evidence(
  name: string,
  every: { readonly baseline: number; readonly candidate: number },
  tasks: number,
) {
  const path = join(folder, name)
  const rows = Array.from({ length: tasks }, (_, index) => index + 1).flatMap((task) => [
    `task-${task},baseline,${Number(task % every.baseline === 0)}`,
    `task-${task},candidate,${Number(task % every.candidate === 0)}`,
  ])
  writeFileSync(path, ['item,arm,failure', ...rows, ''].join('\n'))
  return path
}
const BETTER = { baseline: 5, candidate: 20 }
const WORSE = { baseline: 20, candidate: 5 }

test('promote is 0, hold is 3, rollback is 4, unhealthy is 5', async () => {
  const half = join(folder, 'half.csv')
  writeFileSync(half, 'item,arm,failure\na,candidate,\na,baseline,0\n')
  const run = (path: string) => leeway(['gate', 'check', path, '--margin', '0.05'])
  const [promote, hold, rollback, unhealthy] = await Promise.all([
    run(evidence('better.csv', BETTER, 200)),
    run(evidence('few.csv', BETTER, 20)),
    run(evidence('worse.csv', WORSE, 200)),
    run(half),
  ])
  expect(promote).toMatchObject({ code: 0, stderr: '' })
  expect(promote.stdout).toMatch(/^Promote\. `candidate` is at most 5 points worse than `baseline`/)
  expect(promote.stdout).toContain('It failed on 5 % of 200 units, `baseline` on 20 %.')
  expect(promote.stdout).toContain('Speaks of units like these 200, and of no others.')

  expect(hold).toMatchObject({ code: 3, stderr: '' })
  expect(hold.stdout).toMatch(/^Hold\. 20 units cannot show/)
  expect(hold.stdout).toMatch(/About [\d,]+ more units would, if the two are equal \([\d,]+ labels/)

  expect(rollback).toMatchObject({ code: 4, stderr: '' })
  expect(rollback.stdout).toMatch(
    /^Roll back\. `candidate` is worse than `baseline` by more than the 5 points/,
  )
  expect(rollback.stdout).toMatch(/decided after +\d+ units/)

  expect(unhealthy).toMatchObject({ code: 5, stderr: '' })
  expect(unhealthy.stdout).toContain('1 of 2 labels are missing (50 %); the gate accepts up to 10 %.')
})

test('--json has every number a program needs; bad input is one line and a way out, exit 2', async () => {
  const bad = join(folder, 'bad.csv')
  writeFileSync(bad, 'item,arm,failure\na,candidate,0\n')
  const garbage = join(folder, 'garbage.csv')
  writeFileSync(garbage, Buffer.from([0xff, 0xfe, 0x00, 0x22, 0x0a, 0x22, 0x41, 0xc3, 0x28, 0x2c]))
  const worse = evidence('json.csv', WORSE, 200)
  const [json, oneArm, random, noMargin, negative] = await Promise.all([
    leeway(['gate', 'check', worse, '--margin', '0.05', '--alpha', '0.01', '--json']),
    leeway(['gate', 'check', bad, '--margin', '0.05']),
    leeway(['gate', 'check', garbage, '--margin', '0.05']),
    leeway(['gate', 'check', worse]),
    leeway(['gate', 'check', worse, '--margin', '-1']),
  ])
  expect(json.code).toBe(4)
  const check = JSON.parse(json.stdout) as Record<string, unknown>
  expect(check).toMatchObject({
    decision: 'rollback',
    reason: 'worse-than-tolerated',
    threshold: 100,
    pairs: 200,
    labels: 400,
    missing: 0,
    candidateFailure: 0.2,
    baselineFailure: 0.05,
    margin: 0.05,
    harmMargin: 0.05,
    alpha: 0.01,
  })
  expect(check.eValueRollbackMax).toBeGreaterThanOrEqual(100)
  expect(check.eValuePromote).toBeLessThan(1)
  expect(check.crossedAt).toBeGreaterThan(1)
  const { estimate, low, high } = check.difference as Record<string, number>
  expect(estimate).toBeCloseTo(0.15, 12)
  // A rollback at 0.05 refutes "worse by no more than 0.05", so the interval lies above it.
  expect(low).toBeGreaterThanOrEqual(0.05)
  expect(high).toBeGreaterThan(0.15)

  expect(oneArm).toMatchObject({ code: 2, stdout: '' })
  expect(oneArm.stderr).toBe(
    `leeway: ${bad}:2: item "a" has no baseline row\n        give both arms a row (leave failure empty where the label is missing), or use --design unpaired\n`,
  )
  for (const refused of [random, noMargin, negative]) {
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).not.toMatch(/^\s+at /m)
  }
  expect(noMargin.stderr).toContain("required option '--margin <rate>'")
  expect(negative.stderr).toContain('expected a number above 0 and below 1')
})
