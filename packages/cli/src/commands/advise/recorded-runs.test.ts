import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRecordedRuns } from './recorded-runs.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-runs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NAMES = { baseline: 'v1', candidate: 'v2' }
const ARMS = ['v1', 'v2'] as const
/** v1 fails on the tasks divisible by 3, v2 on those divisible by 4; each format holds twelve tasks of its own. */
const success = (policy: 'v1' | 'v2', task: number) => (task % (policy === 'v1' ? 3 : 4) === 0 ? 0 : 1)
const tasks = (format: number) => Array.from({ length: 12 }, (_, index) => format * 12 + index)
const said = [
  { role: 'user', content: 'Refund order 17.' },
  { role: 'assistant', content: 'Done.' },
]

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), content)
}
const lines = (records: readonly unknown[]) => records.map((record) => JSON.stringify(record)).join('\n')
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })

beforeAll(() => {
  for (const policy of ARMS) {
    // τ-bench, packed: the file says whose it is.
    write(
      `desk-${policy}.json.gz`,
      gzipSync(
        JSON.stringify(
          tasks(0).map((task) => ({
            task_id: task,
            reward: success(policy, task),
            info: {},
            traj: said,
            trial: task,
          })),
        ),
      ),
    )
    // OpenAI chat: the folder says it.
    write(
      `chat/${policy}/runs.jsonl`,
      lines(tasks(1).map((task) => ({ task: String(task), reward: success(policy, task), messages: said }))),
    )
  }
  // The other three name the policy in the record, both in one file.
  const both = (format: number, record: (policy: 'v1' | 'v2', task: number) => unknown) =>
    lines(ARMS.flatMap((policy) => tasks(format).map((task) => record(policy, task))))
  write(
    'traces/leeway.jsonl',
    both(2, (policyName, task) => ({
      policyName,
      taskKey: String(task),
      outcome: { success: success(policyName, task), severe: policyName === 'v2' && task === 24 },
      steps: [{ kind: 'user', content: 'Refund order 17.' }],
    })),
  )
  write(
    'traces/otlp.json',
    both(3, (policy, task) => ({
      resourceSpans: [
        {
          resource: { attributes: [text('service.name', 'desk')] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: `${policy === 'v1' ? 1 : 2}`.repeat(30) + task,
                  spanId: `00000000000000${task}`,
                  name: 'chat',
                  startTimeUnixNano: '1790000000000000000',
                  endTimeUnixNano: '1790000001000000000',
                  attributes: [
                    text('gen_ai.operation.name', 'chat'),
                    text('leeway.policy', policy),
                    text('leeway.task', String(task)),
                    { key: 'leeway.outcome.success', value: { intValue: String(success(policy, task)) } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    })),
  )
  write(
    'traces/langfuse.jsonl',
    both(4, (release, task) => ({
      trace: {
        id: `${release}-${task}`,
        name: 'desk',
        release,
        metadata: { task: String(task) },
        scores: [{ name: 'success', value: success(release, task), source: 'API', dataType: 'NUMERIC' }],
        observations: [
          { id: `o-${release}-${task}`, type: 'GENERATION', input: said.slice(0, 1), output: said[1] },
        ],
      },
    })),
  )
  write('README.md', 'what these runs are')
  write('notes.json', '{"author": "Ada", "plan": []}')
})

test('every format is read, and paired by task', async () => {
  const runs = await readRecordedRuns(folder, NAMES)
  expect(runs.episodes).toEqual({ baseline: 60, candidate: 60, other: 0 })
  expect(runs.unpaired).toBe(0)
  const failure = Object.fromEntries(
    runs.units.map(({ unit, candidate, baseline }) => [
      unit,
      [baseline, candidate].map((label) => (label.kind === 'observed' ? label.failure : label.kind)),
    ]),
  )
  expect(failure).toEqual(
    Object.fromEntries(
      Array.from({ length: 60 }, (_, task) => [
        `task:${task}`,
        [1 - success('v1', task), 1 - success('v2', task)],
      ]),
    ),
  )
  expect(runs.severe).toEqual({ seen: 1, audited: 60 })
})

test('what could not be read is named: a foreign record with its line, a foreign file with its reason', async () => {
  const { problems, files } = await readRecordedRuns(folder, NAMES)
  expect(files).toBe(8)
  expect(problems).toHaveLength(2)
  expect(problems[0]).toMatch(/notes\.json:1: /)
  expect(problems[1]).toBe(`${join(folder, 'README.md')}: neither JSON, gzip nor ZIP`)
})

test('runs of one unit are averaged; a unit that one policy lacks is a missing label', async () => {
  const file = join(folder, '..', `${folder.split('/').at(-1)}.jsonl`)
  const run = (policyName: string | null, taskKey: string | null, outcome: unknown) => ({
    policyName,
    taskKey,
    outcome,
    steps: [{ kind: 'user', content: 'Refund order 17.' }],
  })
  writeFileSync(
    file,
    lines([
      run('v1', 'a', 1),
      run('v1', 'a', 0),
      run('v2', 'a', 1),
      run('v1', 'b', 1),
      run('v2', 'c', null),
      run('v1', 'c', 0),
      run('v2', null, 1),
      run('v3', 'a', 1),
    ]),
  )
  try {
    const runs = await readRecordedRuns(file, NAMES)
    expect(runs.episodes).toEqual({ baseline: 4, candidate: 3, other: 1 })
    expect(runs.unpaired).toBe(1)
    expect(runs.units).toMatchObject([
      {
        unit: 'task:a',
        baseline: { kind: 'observed', failure: 0.5 },
        candidate: { kind: 'observed', failure: 0 },
      },
      { unit: 'task:b', baseline: { kind: 'observed', failure: 0 }, candidate: { kind: 'missing' } },
      { unit: 'task:c', baseline: { kind: 'observed', failure: 1 }, candidate: { kind: 'missing' } },
    ])
  } finally {
    rmSync(file)
  }
})

test('a path that fits both policies is refused', async () => {
  write('both/v1/v2.jsonl', lines([{ task: 'a', reward: 1, messages: said }]))
  await expect(readRecordedRuns(join(folder, 'both'), NAMES)).rejects.toThrow('matches both "v2" and "v1"')
  rmSync(join(folder, 'both'), { recursive: true })
})
