import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { sampleEpisode, sampleStep } from '@leeway/server/episodes/sample-episode'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'

let folder = ''
const at = (name: string) => join(folder, name)
const linesOf = (name: string) => readFileSync(at(name), 'utf8').trim().split('\n')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leeway-plant-'))
  const call = (ordinal: number, name: string, id: string) => [
    sampleStep(ordinal, { kind: 'tool_call', name, content: { order_id: id }, callId: `c${ordinal}` }),
    sampleStep(ordinal + 1, { kind: 'tool_result', name, content: { order_id: id }, callId: `c${ordinal}` }),
  ]
  const steps = [sampleStep(0), ...call(1, 'get_order', '#W100'), ...call(3, 'get_order', '#W200')]
  const episode = sampleEpisode(1, {
    steps: [...steps, ...call(5, 'cancel_order', '#W100')],
    outcome: { success: 1, severe: false, detail: null },
  })
  writeFileSync(
    at('runs.jsonl'),
    `${episodeLine(episode)}\n${episodeLine(sampleEpisode(2, { steps: [sampleStep(0)] }))}\n`,
  )
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
