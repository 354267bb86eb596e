import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { leewayProgram } from '../../testing/leeway-program.ts'

const run = promisify(execFile)

async function plan(...options: readonly string[]) {
  try {
    const { stdout, stderr } = await run(process.execPath, [...leewayProgram(), 'plan', ...options])
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

test('answers, hours, days and the cheapest change', async () => {
  const { code, stdout } = await plan(
    '--margin',
    '0.05',
    '--judge-accuracy',
    '0.9',
    '--failure-rate',
    '0.1',
    '--json',
  )
  expect(code).toBe(0)
  const { verdict, needs, changes } = JSON.parse(stdout)
  expect(verdict).toBe('decidable')
  expect(needs.labels).toBeGreaterThan(100)
  expect(needs.labels).toBeLessThan(1500)
  expect(needs.peopleHours).toBeCloseTo(needs.labels / 40, 6)
  expect(needs.days).toBeCloseTo(Math.max(needs.units / 500, needs.labels / 200), 6)
  expect(changes.at(-1).what).toBe('wider-margin')
})

test('futile, impossible and bad input each say so, with their exit code', async () => {
  const futile = await plan('--margin', '0.03', '--difference', '0.04')
  expect(futile.code).toBe(3)
  expect(futile.stdout).toContain(
    'Futile: the expected difference of 4 points is not below the margin of 3 points',
  )
  const impossible = await plan(
    '--margin',
    '0.05',
    '--sensitivity',
    '0.6',
    '--specificity',
    '0.6',
    '--gold',
    '20',
  )
  expect(impossible.code).toBe(3)
  expect(impossible.stdout).toContain('Impossible at this check quality')
  const bad = await plan('--margin', '0.05', '--sensitivity', '0.6')
  expect(bad.code).toBe(2)
  expect(bad.stderr).toContain('--sensitivity and --specificity belong together')
})
