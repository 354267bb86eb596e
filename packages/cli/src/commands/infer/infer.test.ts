import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leeway } from '../../testing/leeway-process.ts'

let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leeway-infer-'))
  // Rater w4 always says "no"; the others err on every seventh, ninth and eleventh item.
  const truth = Array.from({ length: 120 }, (_, item) => (item % 3 === 0 ? 'yes' : 'no'))
  const other = (label: string | undefined) => (label === 'yes' ? 'no' : 'yes')
  const rows = truth.flatMap((label, item) => [
    ...[7, 9, 11].map((every, w) => `t${item},w${w + 1},${item % every === 0 ? other(label) : label}`),
    `t${item},w4,no`,
  ])
  writeFileSync(at('labels.csv'), ['task,worker,label', ...rows, 't0,w5,', ''].join('\n'))
  const answers = (shift: number) =>
    ['task,truth', ...truth.map((_, item) => `t${item},${truth[(item + shift) % 120]}`), ''].join('\n')
  writeFileSync(at('truth.csv'), answers(0))
  writeFileSync(at('shifted.csv'), answers(1))
  writeFileSync(at('gold.csv'), answers(0).split('\n').slice(0, 31).join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('reports what it did as JSON and writes estimates and raters', async () => {
  const { code, stdout } = await leeway([
    ...['infer', at('labels.csv'), '--gold', at('gold.csv'), '--truth', at('truth.csv')],
    ...['--out', at('out.csv'), '--raters', at('raters.csv'), '--json'],
  ])
  expect(code).toBe(0)
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({
    items: 120,
    raters: 5,
    labels: 480,
    abstentions: 1,
    classes: ['no', 'yes'],
    gold: 30,
    scored: 90,
    chosenBecause: expect.stringContaining('30 gold items'),
  })
  for (const name of ['seconds', 'readSeconds', 'totalSeconds', 'temper', 'logLoss'])
    expect(report[name]).toBeGreaterThan(0)
  expect(report.accuracy).toBeGreaterThan(0.95)
  const out = readFileSync(at('out.csv'), 'utf8').split('\n')
  expect(out[0]).toBe('task,estimate,probability,p_no,p_yes')
  expect(out[1]).toBe('t0,yes,1.000000,0.000000,1.000000')
  const [head, first] = readFileSync(at('raters.csv'), 'utf8').split('\n')
  expect(head).toBe('worker,labels,accuracy,low,high,spammer_score,confidence_gap,says')
  expect(first).toMatch(/^w1,120,0\.[89]\d*,0\.\d+,0\.[89]\d*,0\.\d+,,"?Right on \d\d % of 120 answers/)
  expect(report.panel[0]).toMatch(/^On known answers the 4 raters are not shown to differ/)
  expect(report.panel[1]).toMatch(/^\d+ raters; their errors weigh as much as those of \d/)
})

test('says what stated confidence was worth, and refuses what is no confidence', async () => {
  const labels = readFileSync(at('labels.csv'), 'utf8').trim().split('\n')
  const sure = labels.map((line, row) =>
    row === 0 ? `${line},sure` : `${line},${line.includes(',w1,') ? 1 : ''}`,
  )
  writeFileSync(at('sure.csv'), sure.join('\n'))
  const infer = ['infer', at('sure.csv'), '--gold', at('truth.csv'), '--raters', at('raters.csv')]
  expect((await leeway([...infer, '--confidence', 'sure'])).code).toBe(0)
  const [, w1, w2] = readFileSync(at('raters.csv'), 'utf8').split('\n')
  // Wrong on 18 of 120.
  expect(w1).toMatch(
    /,0\.150000,.*States 15 points more confidence than the answers deserve \(9 to 21\): where it says 90 %, \d\d % are right/,
  )
  expect(w2).toMatch(/^w2,120,[^"]*,,"?Right on/)
  writeFileSync(at('sure.csv'), [...sure, 't0,w6,no,very'].join('\n'))
  const refused = await leeway([...infer, '--confidence', 'sure'])
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toMatch(/"very" in column sure is no confidence/)
})

test('three threads give the same estimates as one, to the last digit', async () => {
  const random = seededRandom(5)
  const lines = ['task,worker,label']
  for (let row = 0; row < 150_000; row++)
    lines.push(`${row % 30_000},${Math.floor(random() * 200)},${random() < 0.7 ? row % 2 : 1 - (row % 2)}`)
  writeFileSync(at('many.csv'), lines.join('\n'))
  const run = async (threads: string, out: string) => {
    const { code, stdout } = await leeway([
      ...['infer', at('many.csv'), '--method', 'map-ds', '--iterations', '20', '--threads', threads],
      ...['--out', at(out), '--json'],
    ])
    expect(code).toBe(0)
    return JSON.parse(stdout)
  }
  const [one, three] = [await run('1', 'one.csv'), await run('3', 'three.csv')]
  expect(three.threads).toBe(3)
  expect(three.objective).toEqual(one.objective)
  expect(readFileSync(at('three.csv'), 'utf8')).toBe(readFileSync(at('one.csv'), 'utf8'))
})

test('truth never influences the estimates, and --iterations runs exactly so many', async () => {
  const run = async (truth: string, out: string) =>
    JSON.parse(
      (
        await leeway([
          ...['infer', at('labels.csv'), '--method', 'map-ds', '--iterations', '7', '--truth', at(truth)],
          ...['--out', at(out), '--json'],
        ])
      ).stdout,
    )
  const right = await run('truth.csv', 'a.csv')
  const shifted = await run('shifted.csv', 'b.csv')
  expect(readFileSync(at('b.csv'), 'utf8')).toBe(readFileSync(at('a.csv'), 'utf8'))
  expect(right.objective).toHaveLength(7)
  expect(right.iterations).toBe(7)
  expect(shifted.accuracy).toBeLessThan(right.accuracy)
})

test('one class, only abstentions, and no rows give no confident answer; mistakes give exit 2', async () => {
  const infer = async (text: string, ...args: string[]) => {
    const { code, stdout, stderr } = await leeway(['infer', '-', '--json', ...args], { stdin: text })
    return { code, report: code === 0 ? JSON.parse(stdout) : stderr }
  }
  expect((await infer('task,worker,label\na,1,x\nb,1,x\n', '--out', at('one.csv'))).report.classes).toEqual([
    'x',
    '(another)',
  ])
  expect(Number(readFileSync(at('one.csv'), 'utf8').split('\n')[1]?.split(',')[2])).toBeLessThan(0.97)
  expect((await infer('task,worker,label\na,1,\n', '--out', at('none.csv'))).report).toMatchObject({
    labels: 0,
    abstentions: 1,
  })
  expect(readFileSync(at('none.csv'), 'utf8')).toContain('0.500000')
  expect((await infer('task,worker,label\n')).report).toMatchObject({ items: 0, labels: 0 })
  expect(await infer('task,worker,label\na,1,x\n', '--method', 'mean')).toMatchObject({
    code: 2,
    report: expect.stringContaining('"x" is no number'),
  })
})
