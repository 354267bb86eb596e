import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ReadLimits, readEpisodes } from './read-episodes.ts'

type Packed = {
  readonly name: string
  readonly data: Buffer
  readonly method?: 0 | 8 | 93 | 12
  readonly crc?: number
  readonly says?: number
  readonly packed?: Buffer
}

/** A ZIP file byte by byte, so that each field can lie. */
function zip(entries: readonly Packed[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, method = 8, crc = crc32(data), says = data.length, packed } of entries) {
    const bytes = packed ?? (method === 8 ? deflateRawSync(data) : method === 93 ? zstd(data) : data)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x800, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(crc, 10)
    fields.writeUInt32LE(bytes.length, 14)
    fields.writeUInt32LE(says, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), bytes])
    const more = Buffer.alloc(14)
    more.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), fields, more, Buffer.from(name)]),
    )
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, central, end])
}

/** Zstandard without compressing: two frames, a skippable one between them, raw blocks. */
function zstd(data: Buffer): Buffer {
  const half = data.length >> 1
  const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
  return Buffer.concat([frame(data.subarray(0, half)), skipped, frame(data.subarray(half))])
}

function frame(data: Buffer): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58])
  const block = Buffer.alloc(3)
  block.writeUIntLE((data.length << 3) | 1, 0, 3)
  return Buffer.concat([head, block, data])
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const header = {
  name: 'header.json',
  data: json({ version: 2, status: 'success', eval: { task: 'guess', model: 'm/1' } }),
}
const sample = (id: number, more: object = {}) => ({
  name: `samples/${id}_epoch_1.json`,
  data: json({
    id,
    epoch: 1,
    input: 'Guess',
    target: '7',
    messages: [{ role: 'user', content: 'Guess' }],
    scores: { match: { value: 'C' } },
    ...more,
  }),
})

async function read(bytes: Uint8Array, limits: ReadLimits = {}) {
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += 3_000) yield bytes.subarray(at, at + 3_000)
  })()
  const keys: (string | null)[] = []
  const problems: string[] = []
  for await (const item of readEpisodes(source, { name: 'log.eval', limits })) {
    if (item.kind === 'episode') keys.push(item.episode.taskKey)
    else problems.push(`${item.field}: ${item.reason}`)
  }
  return { keys, problems }
}

describe('Inspect .eval files', () => {
  test.each([0, 8, 93] as const)('entries packed by method %s are read', async (method) => {
    const log = zip([header, sample(1), sample(2)].map((entry) => ({ ...entry, method })))
    expect(await read(log)).toEqual({ keys: ['guess/1', 'guess/2'], problems: [] })
  })

  test('a log still being written is read by its journal', async () => {
    const started = { name: '_journal/start.json', data: json({ version: 2, eval: { task: 'guess' } }) }
    expect((await read(zip([started, sample(1)]))).keys).toEqual(['guess/1'])
  })

  test('a score of NaN loses neither the sample nor its word', async () => {
    const data = Buffer.from(sample(1).data.toString().replace('"C"', 'NaN'))
    expect((await read(zip([header, { name: 'samples/1.json', data }]))).keys).toEqual(['guess/1'])
  })

  test.each([
    ['a wrong checksum', { ...sample(1), crc: 7 }, 'CRC-32'],
    ['more bytes than it says', { ...sample(1), says: 10 }, 'cannot be read'],
    ['fewer bytes than it says', { ...sample(1), says: 9_000 }, 'but has'],
    ['a method nobody reads', { ...sample(1), method: 12 as const }, 'method 12'],
    [
      'no Zstandard',
      { ...sample(1), method: 93 as const, packed: Buffer.from('not a frame at all') },
      'Zstandard',
    ],
    [
      'a cut off frame',
      { ...sample(1), method: 93 as const, packed: zstd(sample(1).data).subarray(0, 40) },
      'cut off',
    ],
    [
      'a frame that asks for gigabytes',
      { ...sample(1), method: 93 as const, packed: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0]) },
      'bytes of memory',
    ],
    [
      'a Zstandard bomb',
      // One RLE block of 128 KiB from one byte, in an entry that says it is small.
      {
        ...sample(1),
        method: 93 as const,
        says: 500,
        packed: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 3, 0, 16, 65]),
      },
      'unpacks to more than',
    ],
  ])('an entry with %s is refused, and the next one is read', async (_, bad, reason) => {
    const { keys, problems } = await read(zip([header, bad, sample(2)]))
    expect(keys).toEqual(['guess/2'])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('samples/1_epoch_1.json')
    expect(problems[0]).toContain(reason)
  })

  test.each([
    [
      'a name that leaves the folder',
      [header, { ...sample(1), name: '../samples/1.json' }],
      'invalid relative path',
    ],
    ['an absolute name', [header, { ...sample(1), name: '/samples/1.json' }], 'absolute path'],
    ['two entries of one name', [header, sample(1), sample(1)], 'same name'],
    ['nothing of a log', [{ name: 'a.txt', data: Buffer.from('a') }], 'no Inspect log'],
    ['no samples', [header], 'no samples'],
  ])('a file with %s is refused whole', async (_, entries, reason) => {
    const { keys, problems } = await read(zip(entries))
    expect(keys).toEqual([])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(reason)
  })

  test('entries over the same bytes are refused', async () => {
    const log = zip([header, sample(1), sample(2)])
    const second = log.lastIndexOf('PK\u0001\u0002')
    log.writeUInt32LE(log.readUInt32LE(log.lastIndexOf('PK\u0001\u0002', second - 1) + 42), second + 42)
    expect((await read(log)).problems[0]).toContain('same bytes')
  })

  test('every limit refuses', async () => {
    const log = zip([header, sample(1), { name: 'x', data: Buffer.alloc(3_000_000) }])
    expect((await read(log, { unpackFreeBytes: 1_000_000 })).problems[0]).toContain('compression bomb')
    expect((await read(log, { entriesMax: 2 })).problems[0]).toContain('3 entries')
    expect((await read(log, { unpackedBytesMax: 2_000_000 })).problems[0]).toContain('unpacks to')
    expect((await read(log, { archiveBytesMax: 1_000 })).problems[0]).toContain('more than 1,000 bytes')
    expect((await read(log, { recordBytesMax: 100 })).problems[0]).toContain('samples/1_epoch_1.json')
  })

  test('a file cut off anywhere is refused and never throws', async () => {
    const log = zip([header, sample(1), sample(2)])
    for (let length = 4; length < log.length; length += 7) {
      const { keys, problems } = await read(log.subarray(0, length))
      expect(keys).toEqual([])
      expect(problems).toHaveLength(1)
    }
  })

  test('2,000 damaged files never throw, never hang and always say something', async () => {
    const whole = ([0, 8, 93] as const).map((method) =>
      zip([header, sample(1), sample(2)].map((entry) => ({ ...entry, method }))),
    )
    const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) })
    const damage = fc.record({
      log: fc.constantFrom(...whole),
      changes: fc.array(change, { minLength: 1, maxLength: 12 }),
      cut: fc.option(fc.nat(), { freq: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(damage, async ({ log, changes, cut }) => {
        const bytes = Buffer.from(log)
        for (const { at, byte } of changes) bytes[4 + (at % (bytes.length - 4))] = byte
        const { keys, problems } = await read(
          cut === null ? bytes : bytes.subarray(0, 4 + (cut % bytes.length)),
        )
        expect(keys.length + problems.length).toBeGreaterThan(0)
      }),
      { numRuns: 2_000, seed: 20261123 },
    )
  }, 120_000)
})
