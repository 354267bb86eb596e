import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sseSplitter } from './sse-events.ts'

const all = (text: string, cuts: readonly number[]) => {
  const bytes = Buffer.from(text)
  const splitter = sseSplitter()
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const events = places.slice(1).flatMap((end, index) => splitter.push(bytes.subarray(places[index], end)))
  return { events, rest: splitter.rest().toString() }
}

test.each([
  ['LF', 'data: {"a":1}\n\ndata: [DONE]\n\n'],
  ['CR LF', 'data: {"a":1}\r\n\r\ndata: [DONE]\r\n\r\n'],
  ['no space', 'data:{"a":1}\n\ndata:[DONE]\n\n'],
])('events end at an empty line: %s', (_, text) => {
  expect(all(text, []).events.map(({ data }) => data)).toEqual(['{"a":1}', '[DONE]'])
})

test('a comment has no data, and what follows the last event is kept', () => {
  const { events, rest } = all(': ping\n\nevent: x\ndata: 1\ndata: 2\n\ndata: {"cut', [])
  expect(events.map(({ data }) => data)).toEqual([null, '1\n2'])
  expect(rest).toBe('data: {"cut')
})

test('however the stream is cut, the events and their bytes are the same', () => {
  const line = fc.oneof(fc.constant('data: '), fc.constant(': '), fc.constant('event: '))
  const word = fc.string({ unit: fc.constantFrom('é', '🙂', '"', '{', 'a', ':', ' '), maxLength: 12 })
  const event = fc.tuple(
    fc.array(fc.tuple(line, word), { minLength: 1, maxLength: 4 }),
    fc.constantFrom('\n', '\r\n'),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 30 }), (events, cuts) => {
      const text = events
        .map(([lines, end]) => lines.map(([name, value]) => name + value + end).join('') + end)
        .join('')
      const whole = all(text, [])
      const cut = all(text, cuts)
      expect(cut.events.map(({ data }) => data)).toEqual(whole.events.map(({ data }) => data))
      expect(Buffer.concat(cut.events.map(({ bytes }) => bytes)).toString() + cut.rest).toBe(text)
      expect(whole.events).toHaveLength(events.length)
    }),
    { seed: 11, numRuns: 500 },
  )
})

test('an event without an end is not held for ever', () => {
  const splitter = sseSplitter()
  const piece = Buffer.alloc(1 << 20, 'x')
  expect(() => {
    for (let i = 0; i < 10; i++) splitter.push(piece)
  }).toThrow(RangeError)
})
