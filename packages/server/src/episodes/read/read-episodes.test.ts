import { gzipSync } from 'node:zlib'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ReadEpisode, type ReadProblem, readEpisodes } from './read-episodes.ts'

type Options = Partial<Parameters<typeof readEpisodes>[1]>

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function readAll(content: string | Uint8Array, options: Options = {}, size = 1_000) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return collected(pieces(bytes, size), options)
}

async function collected(source: AsyncIterable<Uint8Array>, options: Options = {}) {
  const episodes: ReadEpisode[] = []
  const problems: ReadProblem[] = []
  for await (const item of readEpisodes(source, { name: 'runs.jsonl', ...options })) {
    if (item.kind === 'episode') episodes.push(item)
    else problems.push(item)
  }
  return { episodes, problems }
}

function chat(user: string, more: object = {}): string {
  return JSON.stringify({ messages: [{ role: 'user', content: user }], ...more })
}

describe('read episodes', () => {
  test('one bad record does not lose the rest, and is named by its line', async () => {
    const file = [
      chat('a', { reward: 1 }),
      '{"messages": [',
      chat('b', { reward: 0 }),
      '',
      '{"messages": 3}',
      chat('c'),
    ]
    const { episodes, problems } = await readAll(file.join('\n'))
    expect(episodes.map(({ line, index, episode }) => [line, index, episode.instructions])).toEqual([
      [1, 0, 'a'],
      [3, 2, 'b'],
      [6, 4, 'c'],
    ])
    expect(problems.map(({ file: name, line, index, field }) => [name, line, index, field])).toEqual([
      ['runs.jsonl', 2, 1, 'messages[0]'],
      ['runs.jsonl', 5, 3, 'messages'],
    ])
  })

  test.each([
    ['NaN', 'NaN'],
    ['1e999', '1e999'],
    ['"1.0"', 'text'],
    ['2', 'above 1'],
  ])('a reward of %s is refused by the name of its field (%s)', async (reward) => {
    const record = (value: string) => `{"task_id": 1, "reward": ${value}, "traj": []}`
    const { episodes, problems } = await readAll(`[${record('1')},\n${record(reward)},\n${record('0')}]`)
    expect(episodes.map(({ episode }) => episode.outcome.success)).toEqual([1, 0])
    expect(problems).toMatchObject([{ line: 2, index: 1, field: 'reward' }])
  })

  test('the same episodes come from the plain and the packed file', async () => {
    const file = Array.from({ length: 200 }, (_, at) => chat(`question ${at}`, { task: at })).join('\n')
    const plain = await readAll(file)
    expect(plain.episodes).toHaveLength(200)
    expect(await readAll(gzipSync(file), {}, 1)).toEqual(plain)
    const parts = Buffer.concat([gzipSync(file.slice(0, 999)), gzipSync(file.slice(999))])
    expect(await readAll(parts)).toEqual(plain)
  })

  test('a cut off gzip file gives the good records and then says so', async () => {
    const file = Array.from({ length: 5_000 }, (_, at) => chat(`question ${at} ${(at * 7919) % 1013}`)).join(
      '\n',
    )
    const packed = gzipSync(file)
    const { episodes, problems } = await readAll(packed.subarray(0, packed.length >> 1))
    expect(episodes.length).toBeGreaterThan(500)
    expect(episodes.length).toBeLessThan(5_000)
    expect(problems).toMatchObject([
      { reason: expect.stringContaining('cut off'), line: episodes.at(-1)?.line },
    ])
  })

  test('a damaged gzip file gives the good records and then says so', async () => {
    const packed = Buffer.from(
      gzipSync(Array.from({ length: 5_000 }, (_, at) => chat(`q ${at * 7919}`)).join('\n')),
    )
    packed.fill(0xff, packed.length - 2_000, packed.length - 1_000)
    const { episodes, problems } = await readAll(packed)
    expect(episodes.length).toBeGreaterThan(500)
    expect(problems.at(-1)?.reason).toContain('damaged')
  })

  test('a compression bomb is refused long before it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(120 * 1024 * 1024, 0x20))
    let peak = 0
    const source = (async function* () {
      for await (const piece of pieces(bomb, 16 * 1024)) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers)
        yield piece
      }
    })()
    const before = process.memoryUsage().arrayBuffers
    const { problems } = await collected(source)
    expect(problems).toMatchObject([{ reason: expect.stringContaining('compression bomb') }])
    expect(peak - before).toBeLessThan(200 * 1024 * 1024)
  })

  test('a line of a gigabyte is refused in bounded memory, and the line after it is read', async () => {
    const piece = Buffer.alloc(1024 * 1024, 0x78)
    let peak = 0
    const source = (async function* () {
      yield Buffer.from(`${chat('before')}\n{"messages":[{"role":"user","content":"`)
      for (let at = 0; at < 1024; at++) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers)
        // A copy each time: one shared buffer would hide that they are kept.
        yield Buffer.from(piece)
      }
      yield Buffer.from(`"}]}\n${chat('after')}\n`)
    })()
    const before = process.memoryUsage().arrayBuffers
    const { episodes, problems } = await collected(source)
    expect(episodes.map(({ line, episode }) => [line, episode.instructions])).toEqual([
      [1, 'before'],
      [3, 'after'],
    ])
    expect(problems).toMatchObject([
      { line: 2, index: 1, reason: expect.stringMatching(/1,073,741,\d\d\d bytes/) },
    ])
    // 64 MiB of the record, and what the collector has not yet freed.
    expect(peak - before).toBeLessThan(400 * 1024 * 1024)
  })

  test('wrong encodings are named', async () => {
    const utf16 = Buffer.from(`\ufeff${chat('grüß dich')}`, 'utf16le')
    expect((await readAll(utf16)).problems).toMatchObject([
      { line: 1, reason: expect.stringContaining('UTF-16') },
    ])
    const latin1 = Buffer.concat([
      Buffer.from(`${chat('a')}\n`),
      Buffer.from(chat('grüß'), 'latin1'),
      Buffer.from(`\n${chat('b')}`),
    ])
    const read = await readAll(latin1)
    expect(read.episodes).toHaveLength(2)
    expect(read.problems).toMatchObject([
      { line: 2, reason: expect.stringContaining('wrong byte at its byte 42') },
    ])
    expect((await readAll(`\ufeff${chat('grüß')}`)).episodes).toHaveLength(1)
  })

  test.each([[''], [' \n\n'], ['[]'], ['\ufeff']])('a file without records (%j) says so', async (content) => {
    expect((await readAll(content)).problems).toMatchObject([
      { line: 1, reason: 'The file holds no records.' },
    ])
  })

  test('an unknown format says what was seen, and a long file of it is given up', async () => {
    const { problems } = await readAll('{"foo":1}\n'.repeat(1_000))
    expect(problems[0]?.reason).toContain('foo')
    expect(problems).toHaveLength(100)
  })

  test('a record that lost its keys is read as what the file is', async () => {
    const { problems } = await readAll(`${chat('a')}\n{"reward": 1}\n`)
    expect(problems).toMatchObject([{ line: 2, field: 'messages' }])
  })

  test('spans of one trace are joined over the lines of a file', async () => {
    const line = (spanId: string, at: number) =>
      JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [
              { spans: [{ traceId: 't1', spanId, name: spanId, startTimeUnixNano: `${1.7e18 + at}` }] },
            ],
          },
        ],
      })
    const { episodes } = await readAll([line('b', 2_000_000), line('a', 0)].join('\n'))
    expect(episodes).toMatchObject([{ line: 1, format: 'otlp', episode: { sourceId: 't1' } }])
    expect(episodes[0]?.episode.steps.map((step) => step.name)).toEqual(['a', 'b'])
  })

  test('a source that fails ends with a problem after the good records', async () => {
    const source = (async function* () {
      yield Buffer.from(`${chat('a')}\n`)
      throw new Error('EIO: i/o error')
    })()
    const { episodes, problems } = await collected(source)
    expect(episodes).toHaveLength(1)
    expect(problems).toMatchObject([{ line: 1, reason: expect.stringContaining('EIO') }])
  })

  test('stopping early closes the source, plain or packed', async () => {
    for (const file of [Buffer.from(`${chat('a')}\n`.repeat(9)), gzipSync(`${chat('a')}\n`.repeat(9))]) {
      let closed = false
      const source = (async function* () {
        try {
          for (;;) yield file
        } finally {
          closed = true
        }
      })()
      for await (const item of readEpisodes(source, { name: 'x' })) {
        expect(item.kind).toBe('episode')
        break
      }
      expect(closed).toBe(true)
    }
  })

  test('reports the bytes read of the packed file', async () => {
    const packed = gzipSync(chat('a'))
    const read: number[] = []
    await readAll(packed, { onProgress: (bytesRead) => read.push(bytesRead) }, 10)
    expect(read.at(-1)).toBe(packed.length)
  })

  test('garbage never throws, never hangs and always has a line', async () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => gzipSync(bytes)),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes])),
      fc
        .array(fc.oneof(fc.json(), fc.string(), fc.constant(chat('x'))))
        .map((lines) => Buffer.from(lines.join('\n'))),
    )
    await fc.assert(
      fc.asyncProperty(noise, fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
        const { episodes, problems } = await readAll(bytes, {}, size)
        expect(episodes.length + problems.length).toBeGreaterThan(0)
        for (const { line, reason, expected, fix } of problems) {
          expect(line).toBeGreaterThan(0)
          expect([reason, expected, fix].every((text) => text.length > 0)).toBe(true)
        }
      }),
      { seed: 20267, numRuns: 500 },
    )
  })

  test('what was exported is read back as it was', async () => {
    const { episodes } = await readAll(
      [chat('a', { reward: 1, task: 1 }), chat('b', { user: 'u' })].join('\n'),
    )
    const exported = episodes.map(({ episode }) => episodeLine(episode)).join('\n')
    expect((await readAll(exported)).episodes.map(({ episode }) => episode)).toEqual(
      episodes.map(({ episode }) => episode),
    )
  })
})
