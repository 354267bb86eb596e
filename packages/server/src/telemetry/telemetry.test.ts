/** What is sent out, by a real receiver over HTTP that decodes OTLP by itself. */
import pino from 'pino'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { otlpReceiver } from '../testing/otlp-receiver.ts'
import { SAMPLE_TURN } from '../testing/sample-turn.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { startTelemetry } from './start-telemetry.ts'
import { tracesSampler } from './traces-sampler.ts'

const receiver = await otlpReceiver()
const said: string[] = []
const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) })
const telemetry = startTelemetry(log, {
  endpoint: `${receiver.url}/`,
  headers: { authorization: 'Bearer operator' },
  instanceId: 'one',
  sampler: tracesSampler('always_on', 1),
})
const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db, { onShipped: telemetry.turns })
afterAll(async () => {
  await telemetry.stop()
  await world.close()
  await database.close()
  await receiver.close()
})

const SECRET = 'my secret words'
const shipped = async () => {
  await world.gateway.flush()
  await telemetry.flush()
}

test('a turn is one span by the conventions, with a span of each decision below it, and no words', async () => {
  world.upstream.script({
    text: `${SECRET} of the model`,
    calls: [
      { tool: 'refund', arguments: { amount: 4, note: SECRET } },
      { tool: 'find_order', arguments: { order: SECRET } },
    ],
  })
  const answer = await world.chat(
    { messages: [{ role: 'user', content: SECRET }] },
    { 'x-leeway-conversation': 'talk-1' },
  )
  await answer.text()
  const [turn] = await world.turns()
  await shipped()
  const [span, ...others] = receiver.spans.filter(({ parentSpanId }) => parentSpanId === '')
  expect(others).toEqual([])
  expect(span).toMatchObject({
    traceId: turn?.id.replaceAll('-', ''),
    name: 'chat desk',
    kind: 3,
    isError: false,
    resource: { 'service.name': 'leeway', 'service.instance.id': 'one' },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'desk',
      'gen_ai.agent.name': 'desk',
      'gen_ai.conversation.id': turn?.conversation,
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
      'gen_ai.response.finish_reasons': ['tool_calls'],
      'gen_ai.response.model': expect.any(String),
      'gen_ai.response.id': expect.any(String),
      'leeway.turn.outcome': 'release',
      'leeway.policy.role': 'baseline',
      'leeway.contract.version': expect.any(Number),
    },
  })
  const below = receiver.spans.filter(({ parentSpanId }) => parentSpanId === span?.spanId)
  expect(
    below.map(({ name, kind, attributes }) => [name, kind, attributes['leeway.decision.outcome']]),
  ).toEqual([
    ['leeway.decide refund', 1, 'allow'],
    ['leeway.decide find_order', 1, 'allow'],
  ])
  expect(below[0]?.attributes).toMatchObject({
    'gen_ai.tool.name': 'refund',
    'gen_ai.tool.call.id': expect.any(String),
    'leeway.decision.rule': 'granted',
    'leeway.decision.stakes': 'reversible',
  })
  expect(below.every(({ traceId }) => traceId === span?.traceId)).toBe(true)
  expect(receiver.raw()).not.toContain(SECRET)
  expect(receiver.headers.every(({ authorization }) => authorization === 'Bearer operator')).toBe(true)
})

test('durations and tokens are summed up by operation and model, in the units and bounds of the conventions', async () => {
  await shipped()
  const [duration] = receiver.points.filter(({ metric }) => metric === 'gen_ai.client.operation.duration')
  expect(duration).toMatchObject({ unit: 's', count: 1 })
  expect(duration?.bounds.slice(0, 3)).toEqual([0.01, 0.02, 0.04])
  expect(duration?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'desk',
  })
  // Few values each: neither conversations nor turns make series of their own.
  expect(Object.keys(duration?.attributes ?? {}).some((name) => /conversation|turn|policy/.test(name))).toBe(
    false,
  )
  const tokens = receiver.points.filter(({ metric }) => metric === 'gen_ai.client.token.usage')
  expect(tokens.map(({ attributes }) => attributes['gen_ai.token.type']).sort()).toEqual(['input', 'output'])
  expect(tokens[0]).toMatchObject({ unit: '{token}', count: 1 })
  expect(tokens[0]?.bounds).toHaveLength(14)
})

test('what failed says so, and what was denied is no error', async () => {
  const before = receiver.spans.length
  world.upstream.script({ status: 500 })
  await (await world.chat({})).text()
  world.upstream.script({ calls: [{ tool: 'refund', arguments: { amount: 4_000 } }] }, { text: 'Then not.' })
  await (await world.chat({})).text()
  await shipped()
  const spans = receiver.spans.slice(before)
  expect(
    spans
      .filter(({ parentSpanId }) => parentSpanId === '')
      .map(({ isError, attributes }) => [isError, attributes['error.type']]),
  ).toEqual([
    [true, '500'],
    [false, undefined],
  ])
  expect(
    spans.filter(({ name }) => name === 'leeway.decide refund').map(({ attributes }) => attributes),
  ).toMatchObject([{ 'leeway.decision.outcome': 'deny', 'leeway.decision.rule': 'arguments-outside' }])
})

test('a turn is where its client says in its trace, told whatever the client wants told; what cannot be read is not believed', async () => {
  const before = receiver.spans.length
  const [TRACE, ABOVE] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
  world.upstream.script(
    { calls: [{ tool: 'refund', arguments: { amount: 4 } }] },
    ...Array.from({ length: 4 }, () => ({ text: 'Hello.' })),
  )
  // Not sampled, as an agent would say that wants to be seen by nobody.
  await (await world.chat({}, { traceparent: `00-${TRACE}-${ABOVE}-00`, tracestate: 'evil=1' })).text()
  await shipped()
  const inTrace = receiver.spans.slice(before)
  expect(inTrace.map(({ name, traceId }) => [name, traceId]).sort()).toEqual([
    ['chat desk', TRACE],
    ['leeway.decide refund', TRACE],
  ])
  expect(inTrace.find(({ name }) => name === 'chat desk')?.parentSpanId).toBe(ABOVE)
  expect(receiver.raw()).not.toContain('evil')
  for (const traceparent of [
    'nothing of the kind',
    `00-${'0'.repeat(32)}-${ABOVE}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${ABOVE}-01-${'x'.repeat(200)}`,
  ])
    await (await world.chat({}, { traceparent })).text()
  await shipped()
  const own = receiver.spans.slice(before + 2)
  expect(own).toHaveLength(4)
  for (const { traceId, parentSpanId, attributes } of own)
    expect([traceId, parentSpanId]).toEqual([String(attributes['leeway.turn.id']).replaceAll('-', ''), ''])
})

test('a call of an MCP server beside its client is where that client says, too', async () => {
  const before = receiver.spans.length
  const [TRACE, ABOVE] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
  await fetch(`${world.url}/v1/mcp/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({
      agent: 'desk',
      server: 'shop',
      conversation: 'talk-9',
      tool: 'shop/wipe',
      argumentsText: '{}',
      waitSeconds: 0,
      traceparent: `00-${TRACE}-${ABOVE}-01`,
    }),
  })
  await shipped()
  const [call] = receiver.spans.slice(before).filter(({ name }) => name === 'execute_tool shop/wipe')
  expect([call?.traceId, call?.parentSpanId]).toEqual([TRACE, ABOVE])
})

test('what is shipped twice is the same trace with the same spans', async () => {
  const before = receiver.spans.length
  const told = receiver.spans.filter(({ parentSpanId }) => parentSpanId === '').at(-1)
  const id = String(told?.attributes['leeway.turn.id'])
  telemetry.turns([{ ...SAMPLE_TURN, id }])
  await telemetry.flush()
  expect(receiver.spans.slice(before).map(({ traceId, spanId }) => [traceId, spanId])).toEqual([
    [told?.traceId, told?.spanId],
  ])
})

test('a receiver that refuses or never answers keeps nobody waiting, and its losses are logged', async () => {
  for (const how of ['refuse', 'hang'] as const) {
    receiver.behave(how)
    const turns = (await world.turns()).length
    world.upstream.script(...Array.from({ length: 20 }, () => ({ text: 'Hello.' })))
    for (let turn = 0; turn < 20; turn++) expect((await world.chat({})).status).toBe(200)
    // Every record is in the database, whoever is told of it.
    expect(await world.turns()).toHaveLength(turns + 20)
  }
  receiver.behave('refuse')
  await telemetry.flush().catch(() => {})
  expect(said.join('')).toContain('telemetry was not taken by its receiver, and is lost')
  receiver.behave('answer')
  world.upstream.script({ text: 'Hello.' })
  const before = receiver.spans.length
  await (await world.chat({})).text()
  await shipped()
  expect(receiver.spans.length).toBeGreaterThan(before)
})

test('a stop does not wait for a receiver that never answers', async () => {
  const mute = await otlpReceiver()
  mute.behave('hang')
  const other = startTelemetry(log, {
    endpoint: mute.url,
    headers: {},
    instanceId: 'two',
    sampler: tracesSampler('always_on', 1),
  })
  other.events.emit({ eventName: 'gen_ai.evaluation.result', attributes: {} })
  const stopped = other.stop().then(() => 'stopped')
  // Before its receiver would be given up.
  const given = new Promise((done) => setTimeout(() => done('given up'), 8_000).unref())
  expect(await Promise.race([stopped, given])).toBe('stopped')
  await mute.close()
}, 20_000)
