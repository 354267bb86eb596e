/** `leeway judge …` as processes, against one real server with its own PostgreSQL and a model server over real HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { JudgeRunView } from '@leeway/contract/judges'
import { fakeModelServer } from '@leeway/server/testing/fake-model-server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'
import { leewayProgram } from '../../testing/leeway-program.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-judge-cli-'))
const dataDir = join(folder, 'data')
const models = await fakeModelServer()
let server: ChildProcess
let address = ''

const RUBRIC = `name: desk
question: Was the customer helped?
answeredBy: [model, human]
combine: all
children:
  - id: polite
    question: Was the agent polite?
    answeredBy: [model]
  - id: short
    question: Was it short?
    check: { kind: steps, max: 100 }
`

async function serve(): Promise<void> {
  server = spawn(process.execPath, [...leewayProgram(), 'serve', '--data-dir', dataDir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  })
  address = await new Promise<string>((done, fail) => {
    createInterface(server.stdout as NodeJS.ReadableStream).on('line', (line) => {
      const found = /^listening on (http:\/\/\S+)$/.exec(line)?.[1]
      if (found !== undefined) done(found)
    })
    server.once('exit', (code) => fail(new Error(`the server ended with ${code}`)))
  })
}

async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill(signal)
  await ended
}

const run = (...args: readonly string[]) => leeway([...args, '--data-dir', dataDir])

/** Newest first. */
async function runs(): Promise<readonly JudgeRunView[]> {
  const answer = await fetch(`${address}/api/projects/default/judges/runs`, { headers: headers() })
  const { items } = (await answer.json()) as { items: unknown[] }
  return items.map((one) => JudgeRunView.parse(one))
}

const headers = () => ({
  authorization: `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`,
  'content-type': 'application/json',
})

async function importRuns(name: string, count: number): Promise<void> {
  const file = join(folder, `${name}.jsonl`)
  const line = (number: number) =>
    JSON.stringify({
      policyName: 'v1',
      taskKey: `${name}-${number}`,
      outcome: 1,
      steps: [{ kind: 'user', content: `run ${name} ${number}.` }],
    })
  writeFileSync(file, Array.from({ length: count }, (_, number) => line(number)).join('\n'))
  expect((await run('episode', 'import', file, '--agent', 'desk')).code).toBe(0)
}

beforeAll(async () => {
  await serve()
  await importRuns('first', 3)
  const saved = await fetch(`${address}/api/projects/default/rubrics`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify({ agent: 'desk', source: RUBRIC }),
  })
  expect(saved.ok, await saved.text()).toBe(true)
})

afterAll(async () => {
  await end('SIGTERM')
  await models.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a judge is declared with its key, refused without money, and answers once it may spend', async () => {
  models.otherwise(({ text }) =>
    text.includes('run first 2')
      ? { kind: 'refusal', text: 'No.' }
      : { kind: 'answer', answer: 'yes', probability: 0.9 },
  )
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, 'sk-from-file\n')
  const declared = await run(
    ...['judge', 'declare', 'fake', '--model', 'test-model', '--base-url', models.url],
    ...['--key-file', keyFile, '--price', '1,2', '--timeout', '5'],
  )
  expect(declared).toMatchObject({ code: 0, stderr: '' })
  expect(declared.stdout).toContain('fake is a rater (openai-compatible, test-model).')

  const poor = await run('judge', 'run', 'fake', '--rubric', 'desk')
  expect(poor.code).toBe(6)
  expect(poor.stdout).toContain('fake: 0 of 6 questions answered, 0 abstained, paused')
  expect(poor.stdout).toContain('The spend limit of $0.0000 a day is reached')
  expect(models.requests).toHaveLength(0)

  const limit = await run('judge', 'spend', '--limit', '5')
  expect(limit).toMatchObject({ code: 0, stdout: 'Today: $0 spent, $0 reserved, of $5.00 a day (UTC)\n' })
  // The run that rested goes on by itself.
  await expect.poll(async () => (await runs())[0]?.state, { timeout: 30_000 }).toBe('done')
  const view = (await runs())[0]
  expect(view).toMatchObject({ answered: 4, abstained: 2, inputTokens: 720, outputTokens: 180 })
  expect(view?.costUsd).toBeCloseTo(6 * 180e-6, 12)
  expect(models.requests).toHaveLength(6)
  expect(models.requests[0]?.headers.authorization).toBe('Bearer sk-from-file')

  const again = await run('judge', 'run', 'fake', '--rubric', 'desk')
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to ask') })
  const list = await run('judge', 'list')
  expect(list.stdout).toMatch(/fake\s+test-model\s+http:\S+\s+4\s+2\s+\$0\.00018/)
  expect(list.stdout).toMatch(/done\s+6\s+4\s+2\s+\$0\.0011/)
  const spend = JSON.parse((await run('judge', 'spend', '--json')).stdout) as object
  expect(spend).toMatchObject({ usdPerDay: 5, reservedUsd: 0 })
  expect(models.requests).toHaveLength(6)
})

test('a run is waited for, and asks about new episodes only', async () => {
  await importRuns('more', 2)
  const answered = await run('judge', 'run', 'fake', '--rubric', 'desk', '--questions', 'polite', '--json')
  expect(answered.code).toBe(0)
  expect(answered.stderr).toContain('0 of 2 questions')
  expect(JudgeRunView.parse(JSON.parse(answered.stdout))).toMatchObject({
    state: 'done',
    questions: 2,
    answered: 2,
  })
  expect(models.requests).toHaveLength(8)
})

test('what is not there is told with what is', async () => {
  const cases = [
    [['judge', 'run', 'nobody', '--rubric', 'desk'], 'There is no judge "nobody".', 'Known: "fake".'],
    [['judge', 'run', 'fake', '--rubric', 'none'], 'There is no rubric "none".', 'Known: "desk".'],
    [
      ['judge', 'run', 'fake', '--rubric', 'desk', '--questions', 'short'],
      'The question "short" is not for models.',
      'polite',
    ],
    [
      ['judge', 'declare', 'x', '--model', 'm', '--key', 'none'],
      'There is no stored key "none".',
      'Stored are: fake.',
    ],
    [
      ['judge', 'declare', 'x', '--model', 'm', '--key-file', join(folder, 'none')],
      'The key file cannot be read',
      '',
    ],
    [
      ['judge', 'declare', 'x', '--model', 'm', '--price', '1'],
      'Expected two numbers such as 0.15,0.60.',
      '',
    ],
  ] as const
  await Promise.all(
    cases.map(async ([args, what, fix]) => {
      const refused = await run(...args)
      expect(refused.code).toBe(2)
      expect(refused.stderr).toContain(what)
      expect(refused.stderr).toContain(fix)
    }),
  )
})

test('a judge drafts a rubric from an instruction; what it made up is told beside the draft', async () => {
  const file = join(folder, 'instruction.txt')
  writeFileSync(file, 'Greet the customer. Use no commas.')
  const asks = (question: string, checks: readonly string[]) => ({
    question,
    checks,
    catches: 0,
    topic: 'tone',
  })
  const questions = [asks('Did it greet?', ['Greet the customer']), asks('Was it kind?', ['Be kind'])]
  models.script({ kind: 'text', text: JSON.stringify({ failures: ['It is curt.'], questions }) })
  const drafted = await run('rubric', 'draft', file, '--model', 'fake', '--name', 'greetings')
  expect(drafted.code).toBe(0)
  expect(drafted.stderr).toContain('fake wrote 2 questions after 1 likely way to fail, for $0.00018.')
  expect(drafted.stderr).toContain('does not hold it: "Be kind" (Was it kind?)')
  const rubric = join(folder, 'drafted.yaml')
  writeFileSync(rubric, drafted.stdout)
  const coverage = await leeway(['rubric', 'coverage', rubric])
  expect(coverage.stdout).toContain('Questions check 2 of 2 clauses (100 %)')
  models.script({ kind: 'text', text: 'I would rather not.' })
  const failed = await run('rubric', 'draft', file, '--model', 'fake')
  expect(failed).toMatchObject({ code: 6, stdout: '' })
  expect(failed.stderr).toContain('did not answer in the form asked for')
  expect((await run('rubric', 'draft', file, '--model', 'nobody')).stderr).toContain(
    'There is no judge "nobody"',
  )
})

test('kill -9 in the middle of a run: the next server goes on, and no recorded question is asked twice', async () => {
  await importRuns('second', 20)
  const before = models.requests.length
  models.otherwise({ kind: 'answer', answer: 'no', probability: 0.8 })
  const started = await run('judge', 'run', 'fake', '--rubric', 'desk', '--no-wait', '--json')
  const { id, questions } = JudgeRunView.parse(JSON.parse(started.stdout))
  // And the two of the episodes before that nobody has asked yet.
  expect(questions).toBe(42)
  await models.received(before + 10)
  await end('SIGKILL')
  // Those whose answer was on its way when the server died: asked, not recorded.
  const askedBefore = models.requests.length - before
  await serve()
  const show = async () => (await runs()).find((one) => one.id === id)
  // Questions under way at the kill are held until their claim runs out, so that nobody asks them at once.
  await expect.poll(async () => (await show())?.answered ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(38)
  const view = await show()
  const asked = models.requests
    .slice(before)
    .map(({ text }) => `${/run \w+ \d+/.exec(text)?.[0]} ${/Question: .*/.exec(text)?.[0]}`)
  expect(new Set(asked).size).toBe(asked.length)
  expect(asked.length).toBeLessThanOrEqual(42)
  expect(view?.answered).toBeGreaterThanOrEqual(asked.length - 4)
  expect(askedBefore).toBeLessThan(42)
})
