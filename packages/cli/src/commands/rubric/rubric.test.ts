/** `leeway rubric …`, `reward show` and `rater …` as processes: files alone, and against one real server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'
import { startLeewayServer } from '../../testing/leeway-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-rubric-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const shipped = (name: string) =>
  fileURLToPath(new URL(`../../../../../rubrics/${name}.yaml`, import.meta.url))

test.each(['help-desk', 'tau-bench-retail'])('the shipped rubric %s has no mistakes', async (name) => {
  const { code, stdout } = await leeway(['rubric', 'lint', shipped(name), '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ warnings: [] })
})

test('every mistake is named with its line, and the exit code says so', async () => {
  const path = write(
    'bad.yaml',
    'name: x\nquestion: q\ncombine: weighted\nchildren:\n  - id: A b\n    check: { kind: foo }\n',
  )
  const { code, stderr } = await leeway(['rubric', 'lint', path])
  expect(code).toBe(2)
  expect(stderr).toContain(`${path}:5: children[0].id`)
  expect(stderr).toContain(`${path}:6: children[0].check.kind`)
  expect((await leeway(['rubric', 'lint', join(folder, 'none.yaml')])).stderr).toContain('no such file')
})

test('show prints the tree with what programs look for', async () => {
  const { stdout } = await leeway(['rubric', 'show', shipped('help-desk')])
  expect(stdout).toContain('identified (weight 2, required)')
  expect(stdout).toContain('program: there is a call of find_customer')
  expect(stdout).toContain('[rude, curt, friendly; answered by human, model]')
})

test('coverage names each clause that no question checks, also of a newer handbook', async () => {
  const instruction = write('handbook.txt', 'Greet the customer. Never share a password.')
  const rubric = write(
    'covered.yaml',
    'name: x\ninstruction: Greet the customer. Be kind.\nquestion: q\nchecks: [Greet the customer]\n',
  )
  const own = await leeway(['rubric', 'coverage', rubric])
  expect(own.code).toBe(0)
  expect(own.stdout).toContain('checked    Greet the customer.  [root]')
  expect(own.stdout).toContain('UNCHECKED  Be kind.')
  expect(own.stdout).toContain('Questions check 1 of 2 clauses (50 %), 0 in part, 1 not at all.')
  const newer = await leeway(['rubric', 'coverage', rubric, '--instruction', instruction, '--json'])
  expect(JSON.parse(newer.stdout)).toMatchObject({
    share: 0.5,
    invented: [],
    clauses: [
      { state: 'checked', by: ['root'] },
      { text: 'Never share a password.', state: 'unchecked' },
    ],
  })
  const drafted = await leeway(['rubric', 'draft', instruction])
  const none = await leeway(['rubric', 'coverage', write('drafted.yaml', drafted.stdout)])
  expect(none.stdout).toContain('Questions check 0 of 2 clauses (0 %)')
  const without = await leeway(['rubric', 'coverage', shipped('tau-bench-retail')])
  expect(without.code).toBe(2)
  expect(without.stderr).toContain('holds no instruction')
})

describe('against a server', () => {
  let server: Awaited<ReturnType<typeof startLeewayServer>>
  let episode = ''
  beforeAll(async () => {
    server = await startLeewayServer()
    const runs = write(
      'runs.jsonl',
      Array.from({ length: 8 }, (_, index) =>
        JSON.stringify({
          taskKey: `t${index}`,
          instructions: 'Help.',
          steps: [{ kind: 'user', content: 'hello' }],
          outcome: { success: index % 2 },
        }),
      ).join('\n'),
    )
    const imported = await server.run('episode', 'import', runs, '--agent', 'desk', '--policy', 'p')
    expect(imported.stderr).toBe('')
    episode = JSON.parse((await server.run('episode', 'list', '--json')).stdout).items[0].id
  })
  afterAll(() => server.stop())
  const RUBRIC = `name: desk
combine: weighted
children:
  - id: short
    question: Was it short?
    check: { kind: steps, max: 100 }
  - id: polite
    question: Was it polite?
`

  test('apply saves a version, has the programs answer, and says how well they predict', async () => {
    const path = write('desk.yaml', RUBRIC)
    const { code, stdout } = await server.run('rubric', 'apply', path, '--agent', 'desk')
    expect(code).toBe(0)
    expect(stdout).toContain('"desk" is saved as version 1. Its programs answered on 8 episodes.')
    expect(stdout).toMatch(/short\s+programs\s+8\s+0\.50/)
    const again = JSON.parse((await server.run('rubric', 'apply', path, '--agent', 'desk', '--json')).stdout)
    expect(again).toMatchObject({ version: 1, added: false, episodes: 0 })
    const unknown = await server.run('rubric', 'apply', path, '--agent', 'nobody')
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('There is no agent "nobody".')
  })

  test('reward show says what is missing, and what each part is worth', async () => {
    const { stdout } = await server.run('reward', 'show', episode)
    expect(stdout).toContain('Reward: unknown, missing: polite')
    expect(stdout).toContain('short: 1.00 (1.00 to 1.00)')
    expect(stdout).toContain('short (program): yes')
  })

  test('raters are listed, shown and suspended by name; a program is never trusted', async () => {
    expect((await server.run('rater', 'list')).stdout).toMatch(/short\s+program\s+–\s+8/)
    expect((await server.run('rater', 'show', 'short')).stdout).toContain('Nothing is known yet')
    const trusted = await server.run('rater', 'trust', 'short', '--reason', 'it is quick')
    expect(trusted.code).toBe(2)
    expect(trusted.stderr).toContain('only people are trusted')
    const suspended = await server.run(
      'rater',
      'trust',
      'short',
      '--tier',
      'suspended',
      '--reason',
      'it is wrong',
    )
    expect(suspended.stdout).toContain('short is suspended from now on.')
    expect((await server.run('reward', 'show', episode)).stdout).toContain('missing: short, polite')
  })
})
