/** `leeway advise` as a process: no server, no settings, and nothing leaves the machine. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'

vi.setConfig({ testTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-advise-'))
afterAll(() => rmSync(folder, { recursive: true }))
const runs = join(folder, 'runs')
const empty = join(folder, 'empty')

/** Tasks 1 to `count`; every `every`-th fails. */
function record(path: string, count: number, every: number): void {
  writeFileSync(
    path,
    Array.from({ length: count }, (_, index) =>
      JSON.stringify({
        task: `refund-${index + 1}`,
        reward: Number((index + 1) % every !== 0),
        messages: [{ role: 'user', content: 'Refund my order.' }],
      }),
    ).join('\n'),
  )
}

beforeAll(() => {
  mkdirSync(runs)
  mkdirSync(empty)
  record(join(runs, 'steady.jsonl'), 200, 6)
  record(join(runs, 'hasty.jsonl'), 200, 3)
  record(join(runs, 'short.jsonl'), 150, 6)
  record(join(runs, 'close.jsonl'), 200, 5)
  writeFileSync(join(runs, 'README.md'), 'what these runs are')
})

/** Says on stderr to whom a connection is opened; there must be nobody. */
const WATCH = `import net from 'node:net'
const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...all) {
  const to = JSON.stringify(all)
  // Running TypeScript directly looks for its own pipe.
  if (!to.includes('tsx-')) process.stderr.write('CONNECTS ' + to + '\\n')
  return connect.apply(this, all)
}`

const advise = (baseline: string, candidate: string, ...more: readonly string[]) =>
  leeway(['advise', runs, '--baseline', baseline, '--candidate', candidate, ...more], { before: WATCH })

test('rollback, promote, hold and unhealthy, each with its exit code, and nothing is sent', async () => {
  const [rollback, promote, hold, unhealthy] = await Promise.all([
    advise('steady', 'hasty'),
    advise('hasty', 'steady', '--json'),
    advise('steady', 'close'),
    advise('steady', 'short'),
  ])
  for (const { stderr } of [rollback, promote, hold, unhealthy])
    expect(stderr).toBe(`left out ${join(runs, 'README.md')}: neither JSON, gzip nor ZIP\n`)

  expect(rollback.code).toBe(4)
  expect(rollback.stdout).toMatch(/^Roll back\. `hasty` is worse than `steady` by more than the 5 points/)
  expect(rollback.stdout).toContain('Speaks of units like these 200, and of no others.')

  expect(promote.code).toBe(0)
  expect(JSON.parse(promote.stdout)).toMatchObject({
    decision: 'promote',
    pairs: 200,
    labels: 400,
    missing: 0,
    candidateFailure: 0.165,
    baselineFailure: 0.33,
    needed: null,
  })

  expect(hold.code).toBe(3)
  expect(hold.stdout).toMatch(
    /^Hold\. 200 units cannot show that `close` is at most 5 points worse than `steady`/,
  )
  expect(hold.stdout).toMatch(
    /About [\d,]+ more units would, if the two are equal \([\d,]+ labels, \d+ hours by hand at 90 s each\)\./,
  )
  expect(hold.stdout).toMatch(
    /Or a wider margin: at [\d.]+ points instead of 5 points this evidence would be enough/,
  )

  expect(unhealthy.code).toBe(5)
  expect(unhealthy.stdout).toContain('50 of 400 labels are missing (13 %); the gate accepts up to 10 %.')
})

test('nothing to compare is bad input, in words', async () => {
  const [nobody, none, same, nowhere] = await Promise.all([
    advise('steady', 'brave'),
    leeway(['advise', empty, '--baseline', 'steady', '--candidate', 'hasty']),
    advise('steady', 'steady'),
    leeway(['advise', join(folder, 'nowhere'), '--baseline', 'steady', '--candidate', 'hasty']),
  ])
  for (const { code, stdout, stderr } of [nobody, none, same, nowhere]) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toMatch(/^\s+at /m)
  }
  expect(nobody.stderr).toContain(`${runs}: no episode of the candidate "brave" (750 episodes in 4 files`)
  expect(nobody.stderr).toContain('put its runs into brave/ or a file such as brave.jsonl')
  expect(none.stderr).toContain(`${empty}: no episode of the baseline "steady" (0 episodes in 0 files)`)
  expect(same.stderr).toContain('baseline and candidate are the same')
  expect(nowhere.stderr).toContain('ENOENT')
  expect(nowhere.stderr).toContain('docs/guide/formats.md')
})
