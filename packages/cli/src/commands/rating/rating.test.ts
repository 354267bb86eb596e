/** Ratings as files, there and back; and `leeway rating …` as processes against one real server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startLeewayServer } from '../../testing/leeway-server.ts'
import { RATING_FORMATS, readRatingFile, writeRatings } from './rating-file.ts'
import type { RatingRecord } from './rating-record.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'leeway-rating-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const record = (at: number, more: Partial<RatingRecord> = {}): RatingRecord => ({
  line: 0,
  episode: `01900000-0000-7000-8000-00000000000${at}`,
  criterion: 'root',
  rater: 'Ada Lovelace',
  raterKind: 'human',
  state: 'answered',
  value: 'yes',
  reason: null,
  probability: null,
  comment: '',
  evidence: [],
  form: 'find',
  committedAt: '2026-01-15T09:00:00.000Z',
  id: `r${at}-${more.criterion ?? 'root'}-${more.rater ?? ''}`,
  ...more,
})
const RECORDS: readonly RatingRecord[] = [
  record(1, { comment: 'He said "no",\nthen; yes.', evidence: [3, 7], form: 'verify' }),
  record(1, { criterion: 'tone', value: 'kind' }),
  record(1, { rater: 'Bob', value: 'no' }),
  record(2, { state: 'abstained', value: null, reason: 'unclear-question' }),
  record(2, { criterion: 'tone', state: 'not-applicable', value: null }),
  record(2, { rater: 'judge', raterKind: 'model', probability: 0.75 }),
  record(2, { rater: 'other judge', raterKind: 'model', probability: 0.5, value: 'no' }),
  record(3, { criterion: 'share', value: 2.5 }),
]
const byId = (records: readonly RatingRecord[]) =>
  [...records]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ line: _, value, ...rest }) => ({ ...rest, value: value === null ? null : String(value) }))

describe('a file', () => {
  test.each(RATING_FORMATS)('of format %s holds everything, and is told by its content', async (format) => {
    const path = file(`all.${format}`, writeRatings(RECORDS, format))
    const read = await readRatingFile(path)
    expect(byId(read)).toEqual(byId(RECORDS))
    expect(read.every(({ line }) => line > 0)).toBe(true)
  })

  test('of Label Studio, as it exports it, is read', async () => {
    const tasks = [
      {
        id: 7,
        data: { episode: 'e-1' },
        annotations: [
          {
            id: 70,
            completed_by: 10,
            was_cancelled: false,
            created_at: '2026-01-01T00:00:00Z',
            result: [
              { from_name: 'root', to_name: 't', type: 'choices', value: { choices: ['yes'] } },
              { from_name: 'stars', to_name: 't', type: 'rating', value: { rating: 4 } },
              { from_name: 'why', to_name: 't', type: 'textarea', value: { text: ['late'] } },
            ],
          },
          { id: 71, completed_by: { email: 'bob@example.org' }, was_cancelled: true, result: [] },
        ],
        predictions: [
          {
            model_version: 'judge-3',
            score: 0.8,
            result: [{ from_name: 'root', value: { choices: ['no'] } }],
          },
        ],
      },
    ]
    const read = await readRatingFile(file('ls.json', JSON.stringify(tasks)))
    expect(
      read.map(({ rater, raterKind, criterion, value, id }) => [rater, raterKind, criterion, value, id]),
    ).toEqual([
      ['10', 'human', 'root', 'yes', 'label-studio:70:root'],
      ['10', 'human', 'stars', 4, 'label-studio:70:stars'],
      ['10', 'human', 'why', 'late', 'label-studio:70:why'],
      ['judge-3', 'model', 'root', 'no', 'label-studio:7:judge-3:root'],
    ])
    expect(read[3]?.probability).toBe(0.8)
  })

  test('of Argilla, as it exports it, is read', async () => {
    const records = [
      {
        id: 'e-1',
        fields: { prompt: 'p' },
        suggestions: { root: { value: 'yes', score: 0.8, agent: 'judge-3' } },
        responses: {
          root: [
            { value: 'no', user_id: 'u-1' },
            { value: null, user_id: 'u-2', status: 'discarded' },
          ],
        },
      },
    ]
    const read = await readRatingFile(file('argilla.json', JSON.stringify(records, null, 2)))
    expect(read.map(({ rater, state, value, episode }) => [rater, state, value, episode])).toEqual([
      ['u-1', 'answered', 'no', 'e-1'],
      ['u-2', 'abstained', null, 'e-1'],
      ['judge-3', 'answered', 'yes', 'e-1'],
    ])
  })

  test.each([
    ['a.csv', 'episode,criterion,rater,answer\ne,root,,yes\n', /a\.csv:2: rater is empty/],
    ['b.csv', 'episode,criterion,rater\ne,root,Ada\n', /b\.csv:1: column "answer" is missing/],
    ['c.csv', 'episode,criterion,rater,answer,state\ne,root,Ada,yes,done\n', /c\.csv:2: state is "done"/],
    [
      'd.jsonl',
      '{"episode":"e","criterion":"root","rater":"A","answer":"yes"}\n{"episode":\n',
      /d\.jsonl:2: .*no JSON/,
    ],
    [
      'e.json',
      '[\n{"data":{"episode":"e"},"annotations":[]},\n{"data":{},"annotations":[]}\n]',
      /e\.json:3: data\.episode/,
    ],
    [
      'f.json',
      '[{"data":{"episode":"e"},"annotations":[{"completed_by":1,"result":[{"from_name":"q","value":{"choices":["a","b"]}}]}]}]',
      /f\.json:1: .*several answers/,
    ],
    ['g.json', '[{"id":"e","responses":{"q":[{"value":["a"],"user_id":"u"}]}}]', /g\.json:1: the value of q/],
    ['h.json', '[{"image":1}]', /h\.json:1: neither a task of Label Studio nor a record of Argilla/],
    [
      'i.json',
      '[{"data":{"episode":"e"},"annotations":[]},\n{"data":',
      /i\.json:2: what begins here is no JSON/,
    ],
  ])('%s with a mistake is refused with file and line', async (name, text, message) => {
    await expect(readRatingFile(file(name, text))).rejects.toThrow(message)
  })
})

describe('against a server', () => {
  let server: Awaited<ReturnType<typeof startLeewayServer>>
  let episodes: readonly string[] = []
  const run = (...args: readonly string[]) => server.run(...args)
  const call = async (path: string, body?: string) => {
    const token = readFileSync(join(server.dataDir, 'admin-token'), 'utf8').trim()
    const answer = await fetch(`${server.address}/api/projects/default${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
    return answer.text()
  }

  beforeAll(async () => {
    server = await startLeewayServer()
    const lines = [1, 2, 3].map((task) =>
      JSON.stringify({
        taskKey: `t${task}`,
        instructions: 'Help.',
        steps: [{ kind: 'user', content: `Order ${task}` }],
      }),
    )
    await call('/episodes/import?agent=desk&policy=p', lines.join('\n'))
    const { items } = JSON.parse(await call('/episodes')) as { items: { id: string }[] }
    episodes = items.map(({ id }) => id)
    const rubric = file(
      'rubric.yaml',
      'name: desk\nquestion: Was the customer helped?\nansweredBy: [human, model]\ncombine: all\nchildren:\n  - id: share\n    question: Which share was settled?\n    scale: { number: { min: 0, max: 10 } }\n    answeredBy: [human]\n',
    )
    const saved = await run('rubric', 'apply', rubric, '--agent', 'desk')
    expect(saved.stderr).toBe('')
  })
  afterAll(() => server.stop())

  test('ratings go in once, and out in every format, and come back known', async () => {
    const path = file(
      'in.csv',
      [
        'episode,criterion,rater,answer,raterKind,state,reason,probability,comment',
        `${episodes[0]},root,Ada,yes,,,,,"quick, and right"`,
        `${episodes[0]},share,Ada,2.5,,,,,`,
        `${episodes[1]},root,Ada,,,abstained,too-hard,,`,
        `${episodes[1]},root,judge,no,model,,,0.75,`,
        `${episodes[2]},root,Ada,maybe,,,,,`,
      ].join('\n'),
    )
    const first = await run('rating', 'import', path, '--rubric', 'desk')
    expect(first.stdout).toMatch(/^4 ratings added, 0 known already, 1 refused\n/)
    expect(first.stdout).toContain('in.csv:6: answer.value: "maybe" is none of the answers to this question')
    expect(first.code).toBe(6)
    const again = await run('rating', 'import', path, '--rubric', 'desk', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, known: 4, problems: [{ line: 6 }] })
    for (const format of RATING_FORMATS) {
      const out = join(folder, `out.${format}`)
      const written = await run('rating', 'export', '--rubric', 'desk', '--format', format, '--out', out)
      expect(written.stdout).toBe(`4 ratings of desk written to ${out}\n`)
      const back = await run('rating', 'import', out, '--rubric', 'desk')
      expect(back.stdout).toBe('0 ratings added, 4 known already, 0 refused\n')
    }
    const read = await readRatingFile(join(folder, 'out.csv'))
    expect(read.map(({ rater, criterion, value, comment }) => [rater, criterion, value, comment])).toEqual([
      ['Ada', 'root', 'yes', 'quick, and right'],
      ['Ada', 'share', '2.5', ''],
      ['Ada', 'root', null, ''],
      ['judge', 'root', 'no', ''],
    ])
  })

  test('mistakes name file and line before anything is sent', async () => {
    const path = file(
      'bad.csv',
      `episode,criterion,rater,answer\n${episodes[2]},root,Bob,yes\nnothing,root,Bob,yes\n`,
    )
    const refused = await run('rating', 'import', path, '--rubric', 'desk')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/bad\.csv:3: episodeId: /)
    expect((await run('rating', 'export', '--rubric', 'desk', '--format', 'jsonl')).stdout).not.toContain(
      'Bob',
    )
    const unknown = await run('rating', 'export', '--rubric', 'nothing')
    expect(unknown.stderr).toContain('There is no rubric "nothing".')
  })

  test('known answers go in by file, and the rules of vetting are set and shown', async () => {
    const path = file(
      'gold.csv',
      [
        'episode,criterion,answer,explanation',
        `${episodes[0]},root,yes,"It helped, and at once"`,
        `${episodes[1]},root,maybe,`,
        '01900000-0000-7000-8000-000000000009,root,no,',
        `${episodes[1]},root,no,`,
      ].join('\n'),
    )
    const first = await run('gold', 'import', path, '--rubric', 'desk')
    expect(first.stdout.split('\n').slice(0, 3)).toEqual([
      '2 known answers stand, 2 were refused',
      `${path}:3: "maybe" is no answer to this question. Write one of: yes, no.`,
      `${path}:4: There is no such episode in this project. List the episodes to find it.`,
    ])
    expect(first.code).toBe(6)
    const wrong = file('gold-wrong.csv', `episode,criterion,answer\n${episodes[0]},rot,yes\n`)
    expect((await run('gold', 'import', wrong, '--rubric', 'desk')).stderr).toContain(
      'gold-wrong.csv:2: the rubric has no question "rot"',
    )
    expect((await run('rater', 'vetting')).stdout).toMatch(/^Nobody is vetted by known answers/)
    const set = await run('rater', 'vetting', '--bar', '80', '--round', '30')
    expect(set.stdout).toContain('Vetted above 80 % (16 right in a row are enough), suspended below 50 %.')
    expect(set.stdout).toContain('A round of at most 30, then 10 % of the questions')
    expect(set.stdout).toContain('“Was the customer helped?” no: 1 known')
    const refused = await run('rater', 'vetting', '--floor', '90')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('must not be above the bar')
  })

  test('known answers are listed with who has met them, and one is retired once', async () => {
    const listed = await run('gold', 'list')
    expect(listed.stdout).toContain(String(episodes[1]))
    const nowhere = await run('gold', 'retire', '01900000-0000-7000-8000-000000000001', '--reason', 'told')
    expect([nowhere.code, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining('no answer is listed as known'),
    ])
    const retired = await run('gold', 'retire', String(episodes[1]), '--reason', 'told in a meeting')
    expect(retired.stdout).toMatch(
      /^Retired\. (1 person|\d+ people) had met it; what they answered counts as it did\.$/m,
    )
    expect((await run('gold', 'list')).stdout).toContain('retired, leaked: told in a meeting')
    const again = await run('gold', 'retire', String(episodes[1]), '--reason', 'told in a meeting')
    expect(again.stderr).toContain('retired already')
  })
})
