/** `leeway comparison …` as processes, against one real server and a model server over real HTTP. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NextComparison } from '@leeway/contract/comparisons'
import { fakeModelServer } from '@leeway/server/testing/fake-model-server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-comparison-'))
const models = await fakeModelServer()
const server = await startLeewayServer()
afterAll(async () => {
  await server.stop()
  await models.close()
  rmSync(folder, { recursive: true, force: true })
})

const TASKS = 4
const QUESTION = 'Which run is kinder?'
async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await server.run(...args)
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${stderr}`)
  return stdout
}
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const ask = (...more: readonly string[]) => run('comparison', 'ask', '--rubric', 'pairs', ...more)
const rowsOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

beforeAll(async () => {
  for (const policy of ['v1', 'v2']) {
    const lines = Array.from({ length: TASKS }, (_, task) =>
      JSON.stringify({
        taskKey: `t${task}`,
        instructions: 'Help.',
        steps: [
          { kind: 'user', content: `Order ${task}` },
          // The last task went alike in both.
          { kind: 'assistant', content: task === TASKS - 1 ? 'Done.' : `Said by ${policy} about ${task}.` },
        ],
      }),
    )
    await run(
      'episode',
      'import',
      file(`${policy}.jsonl`, lines.join('\n')),
      '--agent',
      'desk',
      '--policy',
      policy,
    )
  }
  const source = `name: pairs\nquestion: ${QUESTION}\nscale: pairwise\nansweredBy: [human, model]\n`
  await run('rubric', 'apply', file('pairs.yaml', source), '--agent', 'desk')
  await run('judge', 'declare', 'kind', '--model', 'm', '--base-url', models.url, '--price', '0,0')
  await run('judge', 'spend', '--limit', '5')
  // The model holds the second policy kinder, wherever it stands.
  models.otherwise(({ text }) => {
    const answer = text.indexOf('Said by v2') < text.indexOf('Said by v1') ? 'first' : 'second'
    return { kind: 'text', text: JSON.stringify({ reason: 'It was kinder.', answer }) }
  })
})

test('nothing was asked: the list says so, and what is to be shown says how to ask', async () => {
  expect(await run('comparison', 'list')).toBe('Nothing was asked to be compared yet.\n')
  const { code, stderr } = await server.run('comparison', 'show')
  expect(code).not.toBe(0)
  expect(stderr).toContain('Ask: leeway comparison ask.')
})

test('pairs go into the inbox once; runs that are alike are told apart from those', async () => {
  const told = await ask('--policies', 'v1, v2', '--judge', 'kind')
  expect(told).toContain(`${TASKS - 1} pairs are in the inbox.`)
  expect(told).toContain('In 1 others both runs are the same')
  const again = await server.run('comparison', 'ask', '--rubric', 'pairs', '--policies', 'v1,v2')
  expect(again.code).not.toBe(0)
  expect(again.stderr).toContain('both runs are the same')
  expect(await run('comparison', 'list')).toMatch(/desk +Which run is kinder\? +3 +0 +3/)
  expect(JSON.parse(await run('comparison', 'list', '--json')).questions).toMatchObject([
    { agent: 'desk', question: QUESTION, pairs: TASKS - 1 },
  ])
})

test.each([
  [['--policies', 'v1,v9'], 'v9'],
  [['--policies', 'v1,v2', '--judge', 'nobody'], 'nobody'],
  [['--policies', 'v1,v2', '--criterion', 'missing'], 'missing'],
  [['--policies', 'v1,v2', '--pairs', '0'], '--pairs'],
])('asked with %j it says what is wrong', async (more, named) => {
  const { code, stdout, stderr } = await server.run('comparison', 'ask', '--rubric', 'pairs', ...more)
  expect(code).not.toBe(0)
  expect(stdout).toBe('')
  expect(stderr).toContain(named)
})

test('what people and models answer is shown, and exported by whom and in both forms', async () => {
  const review = '/review/comparisons'
  for (;;) {
    const { comparison } = NextComparison.parse(await server.post(`${review}/next`, {}))
    if (comparison === null) break
    await server.post(`${review}/${comparison.pairId}/answer`, {
      commitKey: randomUUID(),
      answer: { kind: 'answered', value: 'equal' },
      startedAt: new Date().toISOString(),
    })
  }
  // The server asks the model by itself.
  await vi.waitFor(
    async () => {
      const { models: told } = JSON.parse(await run('comparison', 'show', '--json'))
      expect(told).toMatchObject([{ rater: 'kind', pairs: TASKS - 1 }])
    },
    { timeout: 60_000, interval: 1_000 },
  )
  const shown = await run('comparison', 'show', '--agent', 'desk', '--question', 'kinder')
  expect(shown).toContain(`${QUESTION}\n${TASKS - 1} of ${TASKS - 1} answers to ${TASKS - 1} pairs`)
  expect(shown).toMatch(/kind: the order changed its winner in/)

  const out = join(folder, 'answers.jsonl')
  const written = await server.run('comparison', 'export', '--out', out)
  expect(written.stdout).toBe('')
  expect(written.stderr).toBe(`${TASKS - 1} answers\n`)
  const people = rowsOf(readFileSync(out, 'utf8'))
  expect(people).toHaveLength(TASKS - 1)
  const byModels = rowsOf(await run('comparison', 'export', '--by', 'models'))
  // Each in both orders.
  expect(byModels).toHaveLength(2 * (TASKS - 1))
  const preferences = await server.run('comparison', 'export', '--form', 'preferences')
  expect(preferences.code).toBe(0)
  // People held all of them equal: there is nothing to prefer.
  expect(preferences.stdout).toBe('')
  expect(preferences.stderr).toMatch(
    /^0 pairs; 0 left out because a release has drawn their units, 3 because people are split/,
  )
  // What people said goes on into the command that reads such files.
  const compared = await leeway(['compare', out])
  expect([compared.code, compared.stderr]).toEqual([0, ''])
})

test('where several questions are meant none is taken, and each is named', async () => {
  const source = 'name: short\nquestion: Which run is shorter?\nscale: pairwise\nansweredBy: [human]\n'
  await run('rubric', 'apply', file('short.yaml', source), '--agent', 'desk')
  await run('comparison', 'ask', '--rubric', 'short', '--policies', 'v1,v2')
  const { code, stderr } = await server.run('comparison', 'show')
  expect(code).not.toBe(0)
  expect(stderr).toContain('2 questions are meant.')
  expect(stderr).toContain('desk: Which run is shorter? (')
  expect(await run('comparison', 'show', '--question', 'shorter')).toContain('Which run is shorter?')
})
