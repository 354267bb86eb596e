import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chatStream } from './chat-stream.ts'
import { sseSplitter } from './sse-events.ts'

type Delta = Readonly<Record<string, unknown>>
const chunk = (delta: Delta, more: Readonly<Record<string, unknown>> = {}, index = 0) =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm', choices: [{ index, delta, finish_reason: null, ...more }] })}\n\n`
const call = (index: number, fields: Readonly<Record<string, unknown>>, id?: string) => ({
  tool_calls: [{ index, ...(id === undefined ? {} : { id, type: 'function' }), function: fields }],
})
const DONE = 'data: [DONE]\n\n'

function run(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text)
  const splitter = sseSplitter()
  const stream = chatStream()
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const passed = places
    .slice(1)
    .flatMap((end, index) => splitter.push(bytes.subarray(places[index], end)))
    .map((event) => stream.push(event).toString())
    .join('')
  return { passed, stream }
}

test('text goes on as it came; the end is held', () => {
  const start =
    chunk({ role: 'assistant', content: '' }) + chunk({ content: 'Hel' }) + chunk({ content: 'lo' })
  const end = chunk({}, { finish_reason: 'stop' }) + DONE
  const { passed, stream } = run(`: hi\n\n${start}${end}`)
  expect(passed).toBe(`: hi\n\n${start}`)
  expect(stream.held().toString()).toBe(end)
  expect(stream.isWhole()).toBe(true)
  expect(stream.answer()).toMatchObject({
    id: 'c1',
    model: 'm',
    calls: [],
    choices: [{ text: 'Hello', finishReason: 'stop' }],
  })
})

test('calls are put together from their parts and held, byte for byte', () => {
  const calls =
    chunk({ role: 'assistant', content: null, ...call(0, { name: 'refund', arguments: '' }, 'a') }) +
    chunk(call(0, { arguments: '{"amount"' })) +
    chunk(call(1, { name: 'note', arguments: '{}' }, 'b')) +
    chunk(call(0, { arguments: ':4}' }))
  const end = chunk({}, { finish_reason: 'tool_calls' }) + DONE
  const { passed, stream } = run(chunk({ content: 'One moment.' }) + calls + end)
  expect(passed).toBe(chunk({ content: 'One moment.' }))
  expect(stream.held().toString()).toBe(calls + end)
  expect(stream.answer().calls).toEqual([
    { choice: 0, index: 0, id: 'a', form: 'function', tool: 'refund', argumentsText: '{"amount":4}' },
    { choice: 0, index: 1, id: 'b', form: 'function', tool: 'note', argumentsText: '{}' },
  ])
})

test('an event with text and a call is divided: the text goes on, the call stays', () => {
  const { passed, stream } = run(
    chunk({ content: 'Now: ', ...call(0, { name: 'refund', arguments: '{}' }, 'a') }),
  )
  expect(passed).toContain('Now: ')
  expect(passed).not.toContain('refund')
  expect(stream.held().toString()).toContain('refund')
  expect(stream.held().toString()).not.toContain('Now: ')
})

test('the older form of a call, and a call with free text, are calls', () => {
  const { passed, stream } = run(
    chunk({ function_call: { name: 'refund', arguments: '{"a"' } }) +
      chunk({ function_call: { arguments: ':1}' } }) +
      chunk({
        tool_calls: [{ index: 0, id: 'x', type: 'custom', custom: { name: 'shell', input: 'rm ' } }],
      }) +
      chunk({ tool_calls: [{ index: 0, custom: { input: '-rf' } }] }),
  )
  expect(passed).toBe('')
  expect(stream.answer().calls.map(({ form, tool, argumentsText }) => [form, tool, argumentsText])).toEqual([
    ['function_call', 'refund', '{"a":1}'],
    ['custom', 'shell', 'rm -rf'],
  ])
})

test('several choices are kept apart', () => {
  const { stream } = run(
    chunk({ content: 'a' }, {}, 1) +
      chunk({ content: 'b' }, {}, 0) +
      chunk(call(0, { name: 't', arguments: '1' }), {}, 1) +
      chunk(call(0, { name: 'u', arguments: '2' }), {}, 0),
  )
  expect(stream.answer().choices.map(({ text }) => text)).toEqual(['b', 'a'])
  expect(stream.answer().calls.map(({ choice, tool }) => [choice, tool])).toEqual([
    [0, 'u'],
    [1, 't'],
  ])
})

describe('log probabilities and use', () => {
  test('are those of all tokens, or of none', () => {
    const tokens = (...logprobs: number[]) => ({
      logprobs: { content: logprobs.map((logprob) => ({ token: 'x', logprob })) },
    })
    expect(
      run(chunk({ content: 'a' }, tokens(-1)) + chunk({ content: 'b' }, tokens(-2, -3))).stream.answer()
        .choices[0]?.tokens,
    ).toEqual([-1, -2, -3].map((logprob) => ({ text: 'x', logprob })))
    expect(
      run(chunk({ content: 'a' }, tokens(-1)) + chunk({ content: 'b' })).stream.answer().choices[0]?.tokens,
    ).toBeNull()
  })
  test('use comes in a chunk without choices, and is held as part of the end', () => {
    const use = `data: ${JSON.stringify({ id: 'c1', choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } })}\n\n`
    const { passed, stream } = run(
      chunk({ content: 'a' }) + chunk({}, { finish_reason: 'stop' }) + use + DONE,
    )
    expect(passed).toBe(chunk({ content: 'a' }))
    expect(stream.answer().usage).toEqual({ inputTokens: 7, outputTokens: 2 })
    expect(stream.held().toString()).toContain('"prompt_tokens":7')
  })
})

test.each([
  ['no JSON', 'data: {"choices"\n\n'],
  ['no choices', 'data: {"error":{"message":"boom"}}\n\n'],
  ['a list in place of an object', 'data: []\n\n'],
  ['calls that are no list', chunk({ tool_calls: { index: 0 } })],
  [
    'a call that changes its name',
    chunk(call(0, { name: 'note', arguments: '' })) + chunk(call(0, { name: 'wire', arguments: '{}' })),
  ],
])('what is not understood is not passed on: %s', (_, text) => {
  expect(() => run(text)).toThrow(SyntaxError)
})

test.each([
  ['a byte order mark', `\uFEFF${chunk(call(0, { name: 'wire', arguments: '{}' }, 'a'))}`],
  ['a line of no kind', `nonsense\n${chunk({ content: 'x' })}`],
  [
    'a call that is two',
    chunk({ tool_calls: [{ index: 0, function: { name: 'rm' }, custom: { name: 'find' } }] }),
  ],
  [
    'a call that changes its id',
    chunk(call(0, { name: 'a', arguments: '' }, 'x')) + chunk(call(0, { arguments: '{}' }, 'y')),
  ],
  [
    'a part that does not say of which call',
    chunk({ tool_calls: [{ id: 'x', function: { name: 'a', arguments: '{}' } }] }),
  ],
  ['a whole message in a chunk', chunk({}, { message: { tool_calls: [{ id: 'x' }] } })],
  ['an index that is text', 'data: {"choices":[{"index":"0","delta":{"content":"x"}}]}\n\n'],
])('what others could read a call into is not passed on: %s', (_, text) => {
  expect(() => run(text)).toThrow(SyntaxError)
})

test('the client’s name for the model stands in every chunk', () => {
  const stream = chatStream('desk')
  const [event] = sseSplitter().push(Buffer.from(chunk({ content: 'x' })))
  if (event === undefined) throw new Error('no event')
  expect(stream.push(event).toString()).toBe(chunk({ content: 'x' }).replace('"model":"m"', '"model":"desk"'))
})

test('what comes after the end is not passed on', () => {
  expect(run(`${DONE}${chunk({ content: 'more' })}`).passed).toBe('')
})

test('however a stream is cut and its calls are cut into parts, no part of a call is passed on and all of it is put together', () => {
  const part = fc.string({ unit: fc.constantFrom('{', '}', '"', 'é', '🙂', '\\', 'a'), maxLength: 5 })
  const calls = fc.array(fc.array(part, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(
      calls,
      fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 25 }),
      fc.infiniteStream(fc.nat()),
      (parts, texts, cuts, order) => {
        const lines = parts.map((pieces, index) =>
          pieces.map((piece, at) =>
            chunk(
              call(
                index,
                { ...(at === 0 ? { name: `SECRET_${index}` } : {}), arguments: piece },
                at === 0 ? `id${index}` : undefined,
              ),
            ),
          ),
        )
        const queues = [...lines, texts.map((text) => chunk({ content: text }))]
        let stream = ''
        while (queues.some((queue) => queue.length > 0)) {
          const left = queues.filter((queue) => queue.length > 0)
          const draw = order.next()
          stream += (left[(draw.done ? 0 : draw.value) % left.length] as string[]).shift()
        }
        const { passed, stream: read } = run(stream + DONE, cuts)
        expect(passed).not.toContain('tool_calls')
        expect(passed).not.toContain('SECRET')
        expect(read.answer().calls.map(({ tool, argumentsText }) => [tool, argumentsText])).toEqual(
          parts.map((pieces, index) => [`SECRET_${index}`, pieces.join('')]),
        )
        expect(
          read
            .answer()
            .choices.map(({ text }) => text)
            .join(''),
        ).toBe(texts.join(''))
      },
    ),
    { seed: 5, numRuns: 400 },
  )
})
