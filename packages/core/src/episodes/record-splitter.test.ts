import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordSplitter, type SplitEvent } from './record-splitter.ts'

/** Core has no TextEncoder; the inputs here are mostly ASCII. */
function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'))
}

function split(
  input: Uint8Array,
  cuts: readonly number[] = [],
  recordBytesMax?: number,
): readonly SplitEvent[] {
  const splitter = recordSplitter(recordBytesMax === undefined ? {} : { recordBytesMax })
  const events: SplitEvent[] = []
  let from = 0
  for (const cut of [...cuts, input.length].sort((a, b) => a - b)) {
    events.push(...splitter.push(input.slice(from, cut)))
    from = Math.max(from, cut)
  }
  return [...events, ...splitter.end()]
}

function told(events: readonly SplitEvent[]): readonly unknown[] {
  return events.map((event) =>
    event.kind === 'record'
      ? [event.line, event.index, event.offset, Buffer.from(event.bytes).toString('latin1')]
      : [event.line, event.index, event.problem.reason],
  )
}

describe('record splitter', () => {
  test('finds one record per line, with line, number and offset', () => {
    expect(told(split(bytesOf('{"a":1}\n\n {"b":2}\r\n{"c":3}')))).toEqual([
      [1, 0, 0, '{"a":1}'],
      [3, 1, 9, ' {"b":2}\r'],
      [4, 2, 19, '{"c":3}'],
    ])
  })

  test('finds the elements of a top-level array, whatever their strings hold', () => {
    const text = '[\n  {"a": "],[\\"{"},\n  {"b": [1, {"c": 2}]},\n  3 ]\n'
    expect(told(split(bytesOf(text)))).toEqual([
      [2, 0, 4, '{"a": "],[\\"{"}'],
      [3, 1, 23, '{"b": [1, {"c": 2}]}'],
      [4, 2, 47, '3 '],
    ])
  })

  test('takes one object over several lines as one record, and several of them one by one', () => {
    expect(
      told(split(bytesOf('{\n "a": [1,\n 2]\n}\n{\n "b": 1\n}\n'))).map((event) => (event as number[])[0]),
    ).toEqual([1, 5])
  })

  test('takes a list of messages per line as one record per line', () => {
    const line = '[{"role":"user","content":"hi"}]'
    expect(told(split(bytesOf(`${line}\n${line}\n`)))).toEqual([
      [1, 0, 0, line],
      [2, 1, 33, line],
    ])
  })

  test('one broken first line does not swallow the lines after it', () => {
    const events = told(split(bytesOf('{"a": \n{"messages":[]}\n{"messages":[]}\n')))
    expect(events).toEqual([
      [1, 0, 0, '{"a": '],
      [2, 1, 7, '{"messages":[]}'],
      [3, 2, 23, '{"messages":[]}'],
    ])
  })

  test('skips a byte order mark', () => {
    expect(told(split(bytesOf('\ufeff{"a":1}')))).toEqual([[1, 0, 3, '{"a":1}']])
  })

  test.each([
    ['UTF-16 with mark', [0xff, 0xfe, 0x7b, 0]],
    ['UTF-16 without mark', [0x7b, 0, 0x22, 0]],
    ['UTF-16 big-endian', [0, 0x7b, 0, 0x22]],
    ['UTF-32', [0, 0, 0xfe, 0xff]],
    ['ZIP', [0x50, 0x4b, 3, 4]],
    ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ])('refuses %s and says what it is', (name, head) => {
    const events = split(new Uint8Array([...head, 0x7d, 0x0a]))
    expect(events).toHaveLength(1)
    const [event] = events
    expect(event?.kind === 'problem' && event.problem.reason).toContain(name.split(' ')[0])
  })

  test.each([
    ['lines', '{"a":1}\n{"long":"', 'x', '"}\n{"b":2}\n'],
    ['array', '[{"a":1},\n{"long":"', 'x', '"},\n{"b":2}]'],
    ['documents', '{"a":\n1}\n{"long":\n"', 'x', '"}\n{"b":\n2}\n'],
  ])('refuses a record over the limit while it streams and finds the rest (%s)', (_, before, fill, after) => {
    const splitter = recordSplitter({ recordBytesMax: 100_000 })
    const events = [...splitter.push(bytesOf(before))]
    const piece = bytesOf(fill.repeat(50_000))
    for (let at = 0; at < 20; at++) events.push(...splitter.push(piece))
    events.push(...splitter.push(bytesOf(after)), ...splitter.end())
    expect(events.map((event) => [event.kind, event.index])).toEqual([
      ['record', 0],
      ['problem', 1],
      ['record', 2],
    ])
    const [, refusal] = events
    expect(refusal?.kind === 'problem' && refusal.problem.reason).toMatch(/1,000,0\d\d bytes/)
  })

  test.each([
    ['[{"a":1},{"b":', 'inside this record'],
    ['[{"a":1}', 'before the list'],
    ['{"a":\n[1,\n', 'inside this record'],
  ])('says that a file was cut off: %s', (text, reason) => {
    const last = split(bytesOf(text)).at(-1)
    expect(last?.kind === 'problem' && last.problem.reason).toContain(reason)
  })

  test('the records do not depend on how the bytes were cut', () => {
    const json = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.string().map((text) => JSON.stringify({ role: `\\"${text}\\`, a: [text] }, null, 1)),
    )
    const tail = fc.oneof(
      fc.array(json).map((records) => records.join('\n')),
      fc.array(json).map((records) => `${records.join(',\r\n')}]`),
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', '\n', ' ', 'a', ':') }),
    )
    // The first 64 KiB are scanned as one piece, so what is cut has to lie behind them; without a start it lies within.
    const long = `"${'x'.repeat(66_000)}"`
    const start = fc.constantFrom('', `{"a":${long}}\n`, `[{"a":${long}},`, `{"a":\n${long}}\n`)
    fc.assert(
      fc.property(start, tail, (before, after) => {
        const bytes = bytesOf(before + after)
        const whole = told(split(bytes))
        const each = Array.from({ length: bytes.length - before.length }, (_, at) => before.length + at)
        expect(told(split(bytes, each))).toEqual(whole)
        expect(
          told(
            split(
              bytes,
              each.filter((at) => at % 3 === 0),
            ),
          ),
        ).toEqual(whole)
      }),
      { seed: 20261, numRuns: 400 },
    )
  })

  test('gives back every record that was written, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }), { minLength: 1 }),
        fc.constantFrom('lines', 'array', 'pretty'),
        (records, form) => {
          const texts = records.map((record) => JSON.stringify(record, null, form === 'pretty' ? 2 : 0))
          const file = form === 'array' ? `[${texts.join(',')}]` : texts.join('\n')
          const found = split(bytesOf(file)).map((event) =>
            event.kind === 'record' ? JSON.parse(Buffer.from(event.bytes).toString('utf8')) : event,
          )
          expect(found).toEqual(texts.map((text) => JSON.parse(text)))
        },
      ),
      { seed: 20262, numRuns: 300 },
    )
  })

  test('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const event of split(bytes)) expect(event.line).toBeGreaterThan(0)
      }),
      { seed: 20263, numRuns: 1_000 },
    )
  })
})
