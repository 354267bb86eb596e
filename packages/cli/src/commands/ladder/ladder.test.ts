/** `leeway ladder lint` and `show` as processes, on the ladder that docs/guide/ladder.md shows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { afterAll, expect, test, vi } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'
import { readLadderFile } from './ladder-file.ts'

vi.setConfig({ testTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-ladder-'))
afterAll(() => rmSync(folder, { recursive: true }))

const guide = readFileSync(new URL('../../../../../docs/guide/ladder.md', import.meta.url), 'utf8')
const example = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Line, from 1, on which `text` stands in a file. */
const lineOf = (file: string, text: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1

test("the guide's ladder is clean, and show says in words what its stages allow", async () => {
  const file = write('guide.yaml', example)
  const [linted, shown, standard] = await Promise.all([
    leeway(['ladder', 'lint', file]),
    leeway(['ladder', 'show', file]),
    leeway(['ladder', 'show', '--json']),
  ])
  expect(linted).toMatchObject({ code: 0, stderr: '' })
  expect(linted.stdout).toContain(`${file}: no problems in 5 stages.`)
  expect(linted.stdout).toMatch(/none +promote \d+ %, rollback \d+ %, hold \d+ %/)
  expect(linted.stdout).toContain('400 runs a line')
  expect(shown.code).toBe(0)
  expect(shown.stdout).toContain('Ladder "refunds": 2 approvals a promotion, margin budget 0.1')
  expect(shown.stdout).toMatch(/sample-20 +Acts on 20 % of the units .* 20 % of its episodes reviewed/)
  expect(JSON.parse(standard.stdout)).toEqual(DEFAULT_LADDER)
})

test('each rule of lint is said once, with the line of the stage that breaks it', async () => {
  const shut = 'autonomy: shadow, exposure: 0, reviewed: 1'
  const short = 'region: { horizonSteps: 100, stakes: reversible }'
  const file = write(
    'bad.yaml',
    [
      'name: bad',
      'stages:',
      `  - { name: first, autonomy: suggest, exposure: 0, reviewed: 1, ${short} }`,
      `  - { name: early, autonomy: suggest, exposure: 0.1, reviewed: 0.5, ${short} }`,
      `  - { name: idle, autonomy: act, exposure: 0, reviewed: 0, ${short} }`,
      `  - { name: same, autonomy: act, exposure: 0.05, reviewed: 1, ${short} }`,
      `  - { name: same, autonomy: act, exposure: 0.05, reviewed: 1, ${short} }`,
      '  - { name: leap, autonomy: act, exposure: 0.5, reviewed: 0.5, region: { horizonSteps: 400, stakes: costly } }',
      `  - { name: back, ${shut}, ${short} }`,
      `  - { name: harm, autonomy: act, exposure: 0.1, reviewed: 1, ${short}, gate: { margin: 0.01, harmMargin: 0.1 } }`,
      '',
    ].join('\n'),
  )
  const { code, stdout, stderr } = await leeway(['ladder', 'lint', file])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  const problems = [
    ['first', 'the first stage is "suggest"'],
    ['early', '"early" does not act but has exposure 0.1'],
    ['early', '"early" reviews 0.5 of the episodes'],
    ['idle', '"idle" acts on no unit'],
    ['idle', '"idle" reviews nothing'],
    ['same', '"idle" to "same" loosens one thing and tightens another'],
    ['leap', '"same" to "leap" widens horizon and stakes at once'],
    ['leap', '"same" to "leap" both widens horizon and stakes and loosens'],
    ['back', '"leap" to "back" narrows horizon and stakes'],
    ['harm', 'harm up to 0.1 is tolerated while 0.01 is the most a promotion allows'],
  ] as const
  for (const [stage, problem] of problems)
    expect(stderr.split(`${file}:${lineOf(file, `name: ${stage},`)}: ${problem}`), problem).toHaveLength(2)
  // The second of two equal stages.
  const twin = lineOf(file, 'name: same,') + 1
  expect(stderr).toContain(`${file}:${twin}: two stages are called "same"`)
  expect(stderr).toContain(`${file}:${twin}: "same" to "same" neither widens nor loosens`)
  // Every problem has a way out on the line below it.
  const lines = stderr.trimEnd().split('\n')
  const told = lines.filter((line) => line.includes(`${file}:`)).length
  expect(lines.at(-1)?.trim()).toBe(`${told} problems in all`)
})

test('a file that is no ladder: line, path, and what was expected', async () => {
  const wrong = async (text: string) => {
    try {
      await readLadderFile(write('wrong.yaml', text))
    } catch (error) {
      return (error as Error).message.replaceAll(folder, '')
    }
    return 'read'
  }
  expect(await wrong(example.replace('exposure: 0.2', 'exposure: 2'))).toMatch(
    /^\/wrong\.yaml:\d+: stages\[3\]\.exposure: /,
  )
  expect(await wrong(example.replace('exposure: 0.2', 'exposure: 2'))).toContain(
    `:${example.split('\n').findIndex((line) => line.includes('exposure: 0.2')) + 1}: `,
  )
  expect(await wrong(example.replace('approvals: 2', 'approvals: 3'))).toContain(':3: approvals: ')
  expect(await wrong(example.replace('approvals: 2', 'aprovals: 2'))).toMatch(/aprovals/)
  expect(await wrong(example.replace('autonomy: suggest', 'autonomy: all'))).toContain('stages[1].autonomy: ')
  expect(await wrong('')).toContain('the document: ')
  expect(await wrong('name: [')).toMatch(/^\/wrong\.yaml:1: /)
  const bomb = ['a: &a [x]', ...Array.from({ length: 25 }, (_, index) => `b${index}: *a`)].join('\n')
  expect(await wrong(bomb)).toContain('Excessive alias count')
  await expect(readLadderFile(join(folder, 'none.yaml'))).rejects.toThrow(/none\.yaml: ENOENT/)
})
