import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Episode, Step } from '@leeway/core/episodes/episode'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'

let folder = ''
const at = (name: string) => join(folder, name)
const linesOf = (name: string) => readFileSync(at(name), 'utf8').trim().split('\n')

function step(ordinal: number, what: Pick<Step, 'kind' | 'name' | 'content' | 'callId'>): Step {
  return {
    ordinal,
    parent: null,
    startedAt: null,
    durationMs: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
    logprobs: null,
    ...what,
  }
}

function call(ordinal: number, name: string, id: string): readonly Step[] {
  const what = { name, content: { order_id: id }, callId: `c${ordinal}` }
  return [step(ordinal, { kind: 'tool_call', ...what }), step(ordinal + 1, { kind: 'tool_result', ...what })]
}

function episode(key: string, steps: readonly Step[]): Episode {
  return {
    normaliserVersion: 1,
    sourceId: key,
    instructions: 'Cancel order #W100.',
    taskKey: key,
    trial: null,
    userKey: null,
    sessionKey: null,
    startedAt: null,
    durationMs: null,
    steps,
    outcome: { success: 1, severe: false, detail: null },
    agentName: 'desk',
    policyName: 'v1',
    policyConfig: null,
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leeway-plant-'))
  const asked = step(0, { kind: 'user', name: null, content: 'Please cancel it.', callId: null })
  const calls = [
    call(1, 'get_order', '#W100'),
    call(3, 'get_order', '#W200'),
    call(5, 'cancel_order', '#W100'),
  ]
  const runs = [episode('a', [asked, ...calls.flat()]), episode('b', [asked])]
  writeFileSync(at('runs.jsonl'), runs.map((one) => `${episodeLine(one)}\n`).join(''))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const plant = (...more: readonly string[]) =>
  leeway([
    'episode',
    'plant',
    at('runs.jsonl'),
    '--out',
    at('copies.jsonl'),
    '--faults',
    at('faults.csv'),
    ...more,
  ])

test('writes a copy with one fault, says which beside it, and the same again for the same seed', async () => {
  const { code, stdout } = await plant('--operator', 'swap-id', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    episodes: 2,
    copies: 1,
    operators: [{ operator: 'swap-id', breaks: 'identity', planted: 1, noPlace: 1 }],
    problems: [],
  })
  const [copy = ''] = linesOf('copies.jsonl')
  const read = JSON.parse(copy)
  expect(JSON.stringify(read)).toContain('"#W200"')
  expect(JSON.stringify(read)).not.toMatch(/plant|fault|swap/)
  const [head, row] = linesOf('faults.csv')
  expect(head).toBe('copy,original,fault,step,what')
  expect(row).toMatch(/^1,.*runs\.jsonl:1,swap-id,5,/)
  await plant('--operator', 'swap-id', 'skip-lookup')
  expect(linesOf('copies.jsonl')[0]).toBe(copy)
})

test('the copy imports as an episode of no policy and no outcome, and a bad path is said', async () => {
  await plant('--operator', 'swap-id')
  const [copy = ''] = linesOf('copies.jsonl')
  const read = JSON.parse(copy)
  expect([read.policyName ?? null, read.outcome?.success ?? null, read.sourceId ?? null]).toEqual([
    null,
    null,
    null,
  ])
  const refused = await leeway(['episode', 'plant', at('nothing'), '--out', at('x'), '--faults', at('y')])
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain('name a file or folder of recorded runs')
})
