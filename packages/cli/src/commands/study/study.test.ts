import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readJudgmentsFile } from './judgments-file.ts'
import { replay } from './replay.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-study-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

test('the columns of the debate records: story, arm in words, what was left out', async () => {
  const row = (over: object) =>
    JSON.stringify({
      name: 'a-story-2',
      kind: 'Hdeb',
      inPaper: true,
      judge: 'J',
      pCorrect: [0.5, 0.9],
      ...over,
    })
  const path = file('nyu.jsonl', [
    row({}),
    row({ inPaper: false }),
    row({ pCorrect: [] }),
    row({ kind: 'new' }),
  ])
  const found = await readJudgmentsFile(path)
  expect(found.leftOut).toBe(2)
  expect(found.judgments).toEqual([
    { arm: 'human debate', item: 'a-story', rater: 'J', probabilities: [0.5, 0.9] },
    { arm: 'new', item: 'a-story', rater: 'J', probabilities: [0.5, 0.9] },
  ])
})

test('plain columns, as CSV and JSON Lines alike; any order of rows gives the same report', async () => {
  const rows = Array.from({ length: 120 }, (_, at) => ({
    arm: at % 2 === 0 ? 'debate' : 'unaided',
    item: `i${at % 15}`,
    rater: `r${at % 7}`,
    probabilities: [0.5, at % 5 === 0 ? 0.2 : 0.9],
  }))
  const csv = await readJudgmentsFile(
    file('plain.csv', [
      'arm,item,rater,probabilities',
      ...rows.map((row) => `${row.arm},${row.item},${row.rater},"${JSON.stringify(row.probabilities)}"`),
    ]),
  )
  const lines = await readJudgmentsFile(
    file(
      'plain.jsonl',
      rows.toReversed().map((row) => JSON.stringify(row)),
    ),
  )
  const [one, other] = [replay(csv, 1), replay(lines, 1)]
  expect(one.arms.map(({ right, total }) => [right, total])).toEqual([
    [48, 60],
    [48, 60],
  ])
  expect(other.differences).toEqual(one.differences)
  expect(other.raterDifferences).toEqual(one.raterDifferences)
  expect(other.recalibration).toMatchObject({ judgments: 120 })
})

test.each([
  ['no judgments', ['{"arm":"a","item":"i","rater":"r","probabilities":[]}'], 'no row holds a judgment'],
  ['other columns', ['{"arm":"a","item":"i"}'], 'found the columns arm, item'],
  [
    'no probability',
    ['{"arm":"a","item":"i","rater":"r","probabilities":[2]}'],
    ':1: probabilities is no list',
  ],
  ['no rater', ['{"arm":"a","item":"i","rater":"","probabilities":[1]}'], ':1: rater is empty'],
])('%s', async (name, lines, message) => {
  await expect(readJudgmentsFile(file(`${name}.jsonl`, lines))).rejects.toThrow(message)
})
