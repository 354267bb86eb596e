/**
 * The file commands as a shell starts them, on files small enough to know the answer: what they print, that standard
 * input is read, that the order of rows changes nothing, and that mistakes name file and line.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, expect, test, vi } from 'vitest'
import { leeway } from '../testing/leeway-process.ts'
import { registerAgreement } from './agreement/agreement.ts'
import { readRatingsFile } from './agreement/ratings-file.ts'
import { registerCompare } from './compare/compare.ts'
import { readComparisonsFile } from './compare/comparisons-file.ts'
import { registerEstimate } from './estimate/estimate.ts'
import { readJudgedFile } from './estimate/judged-file.ts'
import { registerKl } from './kl/kl.ts'
import { readKlFile } from './kl/kl-file.ts'

vi.setConfig({ testTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** The command in this process: starting one takes seconds. What it prints is collected. */
async function run(args: readonly string[]): Promise<string> {
  const program = new Command('leeway').exitOverride()
  for (const register of [registerAgreement, registerCompare, registerEstimate, registerKl]) register(program)
  let printed = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } finally {
    write.mockRestore()
  }
  return printed
}

test('agreement: the published example, from standard input and in any order of rows', async () => {
  // Krippendorff 2011; one word an item, one character a rater.
  const rows = '11.1 2232 3333 3333 2222 1234 4444 1121 2222 .555 ..11 .3..'
    .split(' ')
    .flatMap((word, item) =>
      [...word].map((value, rater) => `${item},r${rater},${value === '.' ? '' : value},kept`),
    )
  const header = 'task,worker,label,comment'
  const path = write('ratings.csv', [header, ...rows])
  const [fromFile, fromInput] = await Promise.all([
    leeway(['agreement', path, '--scale', 'ordinal', '--json']),
    leeway(['agreement', '-', '--scale', 'ordinal', '--json'], {
      stdin: [header, ...rows.toReversed()].join('\n'),
    }),
  ])
  expect(fromFile).toMatchObject({ code: 0, stderr: '' })
  const found = JSON.parse(fromFile.stdout)
  expect(found.krippendorffAlpha.value).toBeCloseTo(0.815, 3)
  expect(found.gwetAC1.value).toBeCloseTo(0.77544, 5)
  expect(found.missing).toBe(7)
  expect(found.cohenKappa).toHaveLength(6)
  expect(JSON.parse(fromInput.stdout)).toEqual(found)
})

test('estimate: judge corrected by labels; no failure seen is no certainty; anytime', async () => {
  const rows = (many: number, row: string) => Array.from({ length: many }, () => row)
  const known = write('labels.csv', [
    'human,judge',
    ...rows(106, '0,0'),
    ...rows(20, '0,1'),
    ...rows(20, '1,1'),
    ...rows(4, '1,0'),
    ...rows(2034, ',0'),
    ...rows(966, ',1'),
  ])
  const rare = write('rare.jsonl', [
    ...rows(50, '{"human":0,"judge":0.1}'),
    ...rows(200, '{"human":null,"judge":0.1}'),
  ])
  const tuned = await run(['estimate', known, '--null', '0.2', '--json'])
  const text = await run(['estimate', known])
  const betting = await run(['estimate', rare, '--json'])
  const found = JSON.parse(tuned)
  expect(found.rate.interval.low).toBeCloseTo(0.132662030143679, 10)
  expect(found.rate.interval.high).toBeCloseTo(0.2312856173049625, 10)
  expect(found.pValues.twoSided).toBeCloseTo(0.47369823697250724, 10)
  expect(text).toMatch(/^18\.20 % \(13\.27 to 23\.13\), with 95 % confidence\n/)
  expect(JSON.parse(betting).rate).toMatchObject({ value: 0, method: { name: 'betting' } })
  expect(JSON.parse(betting).rate.interval.high).toBeGreaterThan(0.05)
})

test('estimate --ask writes whom to ask, keeps other columns, and its file can be estimated from', async () => {
  // One in five fails; the judge's 0.6 means a coin toss, its 0.1 nearly never a failure.
  const rows = Array.from({ length: 800 }, (_, at) => ({
    judge: at % 2 === 0 ? 0.1 : 0.6,
    fails: at % 4 === 1 ? 1 : 0,
  }))
  const path = write('pilot.csv', [
    'note,human,judge',
    ...rows.map(({ judge, fails }, at) => `"row, ${at}",${at < 200 ? fails : ''},${judge}`),
  ])
  const out = join(folder, 'ask.csv')
  const report = JSON.parse(await run(['estimate', path, '--ask', '150', '--out', out, '--json']))
  expect(report).toMatchObject({ rows: 600, calibratedOn: 200 })
  expect(report.labelsExpected).toBeCloseTo(150, 6)
  expect(report.worth).toBeGreaterThan(1.2)
  await expect(readJudgedFile(out)).rejects.toThrow(/human is empty although ask is 1/)
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
  expect(lines[0]).toBe('note,human,judge,probability,ask,judge_raw')
  const filled = lines.map((line, at) => {
    const [, note, judge, probability, ask, raw] = /^("[^"]*"),,([^,]*),([^,]*),([01]),(.*)$/.exec(line) ?? []
    if (at === 0 || ask !== '1') return line
    return [note, rows[Number(note?.slice(6, -1))]?.fails, judge, probability, ask, raw].join(',')
  })
  writeFileSync(out, filled.join('\n'))
  const found = JSON.parse(await run(['estimate', out, '--json']))
  expect(found).toMatchObject({
    sampling: 'probability',
    labels: report.labelsAsked,
    rate: { method: { name: 'active' } },
  })
  expect(found.rate.interval.low).toBeLessThan(0.25)
  expect(found.rate.interval.high).toBeGreaterThan(0.25)
})

test('compare: groups where one never lost, covariates on both sides, and what was not read', async () => {
  const path = write('comparisons.csv', [
    'left,right,winner,rater,words_left,words_right,note',
    ...['A,B,left', 'A,C,A', 'C,A,right', 'B,C,tie', 'C,B,left', 'B,C,B', 'B,C,right', 'C,B,tie'].map(
      (row, at) => `${row},r${at % 2},${100 + 37 * at},${120 + ((at * 53) % 90)},hello`,
    ),
  ])
  const plain = await run(['compare', path, '--no-features'])
  const withWords = await run(['compare', path, '--ridge', '1', '--json'])
  expect(plain).toContain('These never lost to anyone below:')
  expect(plain).toContain('unknown: it never lost or tied')
  expect(plain).toContain('Not read: words_left, words_right, note.')
  const found = JSON.parse(withWords)
  expect(found.units).toMatchObject([{ name: 'words' }])
  expect(found.unread).toEqual(['note'])
  expect(found.fit.components[0][0].map(({ name }: { name: string }) => name)[0]).toBe('A')
})

test('compare: a column unit says which comparisons move together', async () => {
  const rows = Array.from({ length: 30 }, (_, at) => `A,B,${at % 3 === 0 ? 'left' : 'right'},r,u${at % 5}`)
  const path = write('units.csv', ['left,right,winner,rater,unit', ...rows])
  const found = JSON.parse(await run(['compare', path, '--json']))
  expect(found.fit).toMatchObject({ clusteredBy: 'unit', clusters: 5 })
  expect(found.unread).toEqual([])
})

test('kl: tokens, a refusal, choices, best of n', async () => {
  const tokens = write(
    'tokens.jsonl',
    Array.from({ length: 20 }, (_, at) =>
      JSON.stringify({ episode: `e${at}`, candidate: [-1, -1 - at / 100], baseline: [-1.1, -1.2] }),
    ),
  )
  const cut = write('cut.jsonl', [
    '{"candidate":[-1],"baseline":[-1]}',
    '{"candidate":[-1],"baseline":[-2],"sampling":{"top_p":0.9}}',
  ])
  const manySamples = write('many.csv', [
    'proxy,gold',
    ...Array.from({ length: 400 }, (_, at) => `${at},${at / 400}`),
  ])
  const samples = write('samples.csv', ['proxy,gold', '1,1', '2,2', '3,3', '4,4', '5,5', '6,0'])
  const choices = write('choices.csv', ['arm,choice', 'candidate,delete', 'baseline,read', 'baseline,read'])
  const found = await run(['kl', tokens, '--json', '--target', '6', '--budget', '0.3'])
  const search = await run(['kl', samples, '--json'])
  const behaviour = await run(['kl', choices])
  const refused = await leeway(['kl', cut])
  const kl = JSON.parse(found)
  // Mean over episodes of .1 + (.2 - at / 100).
  expect(kl.kl.k1.value).toBeCloseTo(0.1 + 0.2 - 0.095, 12)
  expect(kl.controller.coefficient).toBeLessThan(0.15)
  expect(kl.budget).toEqual({ budget: 0.3, verdict: 'within' })
  expect(await run(['kl', tokens, '--budget', '0.001'])).toContain('over the budget of 0.001 nats')
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain(`${cut}:2: tokens were sampled with top_p 0.9`)
  const { bestOfN, size } = JSON.parse(search)
  expect(size.reason).toBe('with fewer than 10 prompts each needs at least 20 samples, and one has 6')
  expect(await run(['kl', manySamples])).toMatch(
    /Search no further than n = 256: it brings 0\.4\d+ more gold than one sample, at least 0\.4\d+ \(90 % bound/,
  )
  expect(bestOfN.map(({ n }: { n: number }) => n)).toEqual([1, 2, 4])
  // Best of 2 of 6: weights 0, 1/15 .. 5/15 on gold 1, 2, 3, 4, 5, 0.
  expect(bestOfN[1].gold).toBeCloseTo((2 + 6 + 12 + 20) / 15, 12)
  expect(behaviour).toMatch(/^Behavioural KL .* 0\.8[0-9]+ \(no interval: 1 episodes are too few/)
})

test.each([
  ['no file', () => readRatingsFile(join(folder, 'absent.csv')), /absent\.csv: ENOENT/],
  ['an empty file', () => readRatingsFile(write('empty.csv', [''])), /empty\.csv: the file is empty/],
  [
    'a missing column',
    () => readRatingsFile(write('a.csv', ['item,rating', '1,2'])),
    /a\.csv:1: column "rater" is missing/,
  ],
  [
    'a short row',
    () => readRatingsFile(write('b.csv', ['item,rater,rating', '1,a,2', '1,b'])),
    /b\.csv:3: 2 values for 3/,
  ],
  [
    'a rating twice',
    () => readRatingsFile(write('c.csv', ['item,rater,rating', '1,a,2', '1,a,3'])),
    /c\.csv:3: rater "a" already rated item "1" in line 2/,
  ],
  [
    'no JSON',
    () => readRatingsFile(write('d.jsonl', ['{"item":1,"rater":2,"rating":3}', '{oops'])),
    /d\.jsonl:2: this line is no JSON/,
  ],
  [
    'a judge above 1',
    () => readJudgedFile(write('e.csv', ['human,judge', '1,0.5', '0,7'])),
    /e\.csv:3: judge is "7"/,
  ],
  ['no judge', () => readJudgedFile(write('f.csv', ['human,judge', '1,'])), /f\.csv:2: judge is empty/],
  [
    'a lost label',
    () => readJudgedFile(write('g.csv', ['human,judge,probability', ',0.5,1'])),
    /g\.csv:2: human is empty although/,
  ],
  [
    'a probability of 0',
    () => readJudgedFile(write('h.csv', ['human,judge,probability', '1,0.5,0'])),
    /h\.csv:2: probability is 0/,
  ],
  [
    'a third winner',
    () => readComparisonsFile(write('i.csv', ['left,right,winner', 'A,B,C']), 'all'),
    /i\.csv:2: winner is "C"/,
  ],
  [
    'against itself',
    () => readComparisonsFile(write('j.csv', ['left,right,winner', 'A,A,A']), 'all'),
    /j\.csv:2: "A" is compared with itself/,
  ],
  [
    'an unknown feature',
    () => readComparisonsFile(write('k.csv', ['left,right,winner', 'A,B,A']), ['words']),
    /k\.csv:1: there is no feature "words"/,
  ],
  [
    'a text feature',
    () => readComparisonsFile(write('l.csv', ['left,right,winner,words', 'A,B,A,many']), ['words']),
    /l\.csv:2: words is "many"/,
  ],
  [
    'unequal lists',
    () => readKlFile(write('m.jsonl', ['{"candidate":[-1],"baseline":[]}'])),
    /m\.jsonl:1: candidate has 1 log prob/,
  ],
  [
    'a probability above 1',
    () => readKlFile(write('n.jsonl', ['{"candidate":[0.5],"baseline":[-1]}'])),
    /n\.jsonl:1: candidate\[0\] is 0\.5/,
  ],
  [
    'a token of probability 0',
    () => readKlFile(write('o.jsonl', ['{"candidate":[-1],"baseline":[null]}'])),
    /o\.jsonl:1: baseline\[0\] is null/,
  ],
  [
    'a sentinel',
    () => readKlFile(write('r.jsonl', ['{"candidate":[-9999],"baseline":[-1]}'])),
    /r\.jsonl:1: candidate\[0\] is -9999/,
  ],
  [
    'other tokens',
    () =>
      readKlFile(
        write('s.jsonl', [
          '{"candidate":{"content":[{"token":"a","logprob":-1}]},"baseline":[{"token":"b","logprob":-1}]}',
        ]),
      ),
    /s\.jsonl:1: token 0 is "a" for the candidate, "b" for the baseline/,
  ],
  ['nothing we know', () => readKlFile(write('p.csv', ['x,y', '1,2'])), /p\.csv:1: found the columns x, y/],
  [
    'a third arm',
    () => readKlFile(write('q.csv', ['arm,choice', 'control,x'])),
    /q\.csv:2: arm is "control"/,
  ],
])('%s is said with file and line', async (_, read, message) => {
  await expect(read()).rejects.toThrow(message)
})

test('the delimiter and a byte order mark are seen in the file', async () => {
  const { ratings } = await readRatingsFile(write('semicolon.csv', ['\ufeffitem;rater;rating', '"a, b";x;1']))
  expect(ratings).toEqual([{ item: 'a, b', rater: 'x', value: '1', cluster: null }])
})
