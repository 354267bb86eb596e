import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { responseStream, type Woven } from './response-stream.ts'
import { sseSplitter } from './sse-events.ts'

type Fields = Readonly<Record<string, unknown>>

const event = (type: string, fields: Fields) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 0, ...fields })}\n\n`
const call = (name: string, argumentsText: string, id = name) => ({
  id: `fc_${id}`,
  type: 'function_call',
  call_id: id,
  name,
  arguments: argumentsText,
})
const message = (text: string) => ({
  id: 'm',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
})
const reasoning = { id: 'r', type: 'reasoning', summary: [] }
const added = (output_index: number, item: Fields) =>
  event('response.output_item.added', { output_index, item })
const done = (output_index: number, item: Fields) =>
  event('response.output_item.done', { output_index, item })
const text = (output_index: number, delta: string) =>
  event('response.output_text.delta', { output_index, item_id: 'm', content_index: 0, delta })
const argument = (output_index: number, delta: string) =>
  event('response.function_call_arguments.delta', { output_index, delta })
const argumentsDone = (output_index: number, given: string) =>
  event('response.function_call_arguments.done', { output_index, arguments: given })
const created = event('response.created', { response: { id: 'resp_1', model: 'm', output: [] } })
const completed = (...output: readonly Fields[]) =>
  event('response.completed', { response: { id: 'resp_1', model: 'm', status: 'completed', output } })

const nothingYet = (): Woven => ({ sequence: 0, items: [], isOpened: false })

function run(stream: string, cuts: readonly number[] = [], woven = nothingYet()) {
  const bytes = Buffer.from(stream)
  const splitter = sseSplitter()
  const read = responseStream(woven, (response) => response)
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const passed = places
    .slice(1)
    .flatMap((end, index) => splitter.push(bytes.subarray(places[index], end)))
    .map((one) => read.push(one).toString())
    .join('')
  return { passed, read, woven }
}
const eventsIn = (bytes: unknown): readonly Fields[] =>
  [...String(bytes).matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string) as Fields)
const typesIn = (bytes: unknown) => eventsIn(bytes).map(({ type }) => type)

test('what is said goes on; from the first call on everything is held', () => {
  const said = created + added(0, message('')) + text(0, 'Hel') + text(0, 'lo') + done(0, message('Hello'))
  const calls =
    added(1, call('refund', '')) +
    argument(1, '{"amount"') +
    argument(1, ':4}') +
    argumentsDone(1, '{"amount":4}') +
    done(1, call('refund', '{"amount":4}'))
  const { passed, read } = run(
    `${said}${calls}${completed(message('Hello'), call('refund', '{"amount":4}'))}`,
  )
  expect(typesIn(passed)).toEqual(typesIn(said))
  expect(passed).not.toContain('refund')
  const { answer, end } = read.read()
  expect(answer.calls).toEqual([
    { choice: 0, index: 0, id: 'refund', form: 'function', tool: 'refund', argumentsText: '{"amount":4}' },
  ])
  expect(answer.choices[0]?.text).toBe('Hello')
  const whole = eventsIn(passed + String(end.asItCame()))
  expect(whole.map(({ sequence_number: at }) => at)).toEqual(whole.map((_, at) => at))
  expect(typesIn(end.asItCame())).toEqual([...typesIn(calls), 'response.completed'])
})

test('other arguments stand wherever a client may read them, and the model’s own nowhere', () => {
  const { read } = run(
    created +
      added(0, call('note', '')) +
      argument(0, '{"SECRET') +
      argument(0, '":1}') +
      argumentsDone(0, '{"SECRET":1}') +
      done(0, call('note', '{"SECRET":1}')) +
      completed(call('note', '{"SECRET":1}')),
  )
  const changed = String(read.read().end.changed(['{"draft":true}']))
  expect(changed).not.toContain('SECRET')
  expect(changed.match(/draft/g)).toHaveLength(4)
})

test('reasoning waits for what follows it', () => {
  const thought = created + added(0, reasoning) + done(0, reasoning)
  expect(typesIn(run(thought).passed)).toEqual(['response.created'])
  expect(run(thought + added(1, message('')) + text(1, 'x')).passed).toContain('"reasoning"')
  expect(run(thought + added(1, call('refund', ''))).passed).not.toContain('"reasoning"')
})

test('what is said behind a call waits with it, for items are numbered', () => {
  const { passed, read } = run(
    created +
      added(0, call('refund', '')) +
      done(0, call('refund', '{}')) +
      added(1, message('')) +
      text(1, 'LATE') +
      done(1, message('LATE')) +
      completed(call('refund', '{}'), message('LATE')),
  )
  expect(typesIn(passed)).toEqual(['response.created'])
  expect(String(read.read().end.asItCame())).toContain('LATE')
})

test('answers of one turn are one response: it begins once, its items and events are counted on', () => {
  const woven = nothingYet()
  const first = run(
    created + added(0, message('')) + done(0, message('One')) + added(1, call('refund', '{}')),
    [],
    woven,
  )
  const second = run(
    created + added(0, message('')) + text(0, 'Two') + done(0, message('Two')) + completed(message('Two')),
    [],
    woven,
  )
  const all = eventsIn(first.passed + second.passed + String(second.read.read().end.asItCame()))
  expect(all.filter(({ type }) => type === 'response.created')).toHaveLength(1)
  expect(all.map(({ sequence_number: at }) => at)).toEqual(all.map((_, at) => at))
  expect(all.flatMap(({ output_index: at }) => at ?? [])).toEqual([0, 0, 1, 1, 1])
  expect((all.at(-1) as { response: { output: unknown[] } }).response.output).toEqual([
    message('One'),
    message('Two'),
  ])
})

describe('what is not understood, or could be read as another call, is not passed on', () => {
  const begun = created + added(0, call('refund', ''))
  test.each([
    ['no JSON', 'data: {"type"\n\n'],
    ['no type', 'data: {}\n\n'],
    ['two types', `event: response.created\ndata: {"type":"response.completed"}\n\n`],
    ['an event about no item', created + text(0, 'x')],
    ['an item that is left out in the count', created + added(1, message(''))],
    ['an item that becomes another', created + added(0, message('')) + done(0, call('refund', '{}'))],
    ['arguments of a message', created + added(0, message('')) + argument(0, '{}')],
    ['a call without a name', `${begun}${done(0, { type: 'function_call' })}`],
  ])('%s', (_, stream) => {
    expect(() => run(stream)).toThrow(SyntaxError)
  })
  const whole = call('refund', '{"amount":4}')
  test.each([
    ['parts that are not the whole', argument(0, '{"amount":400}') + done(0, whole) + completed(whole)],
    ['two wholes', argumentsDone(0, '{"amount":400}') + done(0, whole) + completed(whole)],
    ['an end with another call', done(0, whole) + completed(call('refund', '{"amount":400}', 'refund'))],
    ['an end with one call more', done(0, whole) + completed(whole, call('wire', '{}'))],
  ])('%s', (_, rest) => {
    const { read } = run(begun + rest)
    expect(() => read.read()).toThrow(SyntaxError)
  })
  test('kinds of events that we were never told of are left out', () => {
    expect(typesIn(run(`${created}${event('response.novel', { secret: 1 })}`).passed)).toEqual([
      'response.created',
    ])
  })
})

test('an answer that the provider gave up, or that was cut, releases no call', () => {
  const begun = created + added(0, call('refund', '')) + done(0, call('refund', '{}'))
  const failed = event('response.failed', { response: { id: 'resp_1', status: 'failed', output: [] } })
  expect(() => run(begun + failed).read.read()).toThrow(/ended in the middle/)
  expect(run(begun).read.isWhole()).toBe(false)
  const cutOff = event('response.incomplete', {
    response: { id: 'resp_1', status: 'incomplete', output: [] },
  })
  const { answer } = run(created + added(0, call('refund', '')) + argument(0, '{"am') + cutOff).read.read()
  expect(answer.calls.map(({ argumentsText }) => argumentsText)).toEqual(['{"am'])
})

test('however a stream is cut and its calls are cut into parts, no part of a call is passed on and all of it is put together', () => {
  const part = fc.string({ unit: fc.constantFrom('{', '}', '"', 'é', '🙂', '\\', 'a'), maxLength: 5 })
  const calls = fc.array(fc.array(part, { maxLength: 5 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }),
      fc.boolean(),
      calls,
      fc.array(fc.nat(), { maxLength: 25 }),
      fc.infiniteStream(fc.nat()),
      (texts, thinks, parts, cuts, order) => {
        const speech = thinks ? [reasoning, message(texts.join(''))] : [message(texts.join(''))]
        const at = speech.length
        const items = parts.map((pieces, index) => call(`SECRET_${index}`, pieces.join(''), `id${index}`))
        const said =
          (thinks ? added(0, reasoning) + done(0, reasoning) : '') +
          added(at - 1, message('')) +
          texts.map((one) => text(at - 1, one)).join('') +
          done(at - 1, message(texts.join('')))
        // Calls begin in order; their parts come in any.
        const queues = parts.map((pieces, index) => [
          ...pieces.map((piece) => argument(at + index, piece)),
          argumentsDone(at + index, pieces.join('')),
          done(at + index, items[index] as Fields),
        ])
        let stream =
          created + said + items.map((item, index) => added(at + index, { ...item, arguments: '' })).join('')
        while (queues.some((queue) => queue.length > 0)) {
          const left = queues.filter((queue) => queue.length > 0)
          const draw = order.next()
          stream += (left[(draw.done ? 0 : draw.value) % left.length] as string[]).shift()
        }
        const { passed, read } = run(stream + completed(...speech, ...items), cuts)
        expect(typesIn(passed)).toEqual(typesIn(created + said))
        expect(passed).not.toMatch(/SECRET|arguments/)
        const { answer, end } = read.read()
        expect(answer.calls.map(({ tool, argumentsText }) => [tool, argumentsText])).toEqual(
          items.map(({ name, arguments: given }) => [name, given]),
        )
        expect(answer.choices[0]?.text).toBe(texts.join(''))
        expect(typesIn(passed + String(end.asItCame()))).toEqual(typesIn(`${stream}${completed()}`))
      },
    ),
    { seed: 5, numRuns: 300 },
  )
})
