/** Traces as OpenTelemetry's own exporter sends them. */
import { gzipSync } from 'node:zlib'
import { EpisodePage } from '@leeway/contract/episodes'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { otlpJsonOf } from './otlp-protobuf.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const ingest = await server.key(['ingest', 'read'])
afterAll(async () => {
  await server.close()
  await database.close()
})

const send = (body: Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
  server.request('/v1/traces', {
    token: ingest,
    body,
    headers: { 'content-type': 'application/x-protobuf', ...headers },
  })

test.each(['none', 'gzip'] as const)(
  'the official exporter, compression %s, becomes an episode',
  async (compression) => {
    const agent = `desk-${compression}`
    const exporter = new OTLPTraceExporter({
      url: `${server.url}/v1/traces`,
      headers: { authorization: `Bearer ${ingest}`, 'x-leeway-policy': 'v7' },
      compression: compression as never,
    })
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    const span = provider.getTracer('test').startSpan('invoke_agent desk', { startTime: 1_768_000_000_000 })
    span.setAttributes({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agent,
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is my order? Ü"}]}]',
    })
    span.end(1_768_000_002_500)
    await provider.forceFlush()
    await provider.shutdown()
    const answer = await server.request(`/api/projects/default/episodes?agent=${agent}`, { token: ingest })
    const { items } = EpisodePage.parse(await answer.json())
    expect(items).toMatchObject([{ sourceId: span.spanContext().traceId, format: 'otlp', durationMs: 2_500 }])
  },
)

test('values of every kind keep their meaning, and large numbers their digits', () => {
  // KeyValue { key = 'k', value = AnyValue { int_value = 2^60 } } and so on, written by hand from the wire format.
  const field = (id: number, type: number, ...content: number[]) => [(id << 3) | type, ...content]
  const message = (id: number, ...content: number[]) => [...field(id, 2), content.length, ...content]
  const large = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]
  const attribute = (...value: number[]) => message(9, ...message(1, 0x6b), ...message(2, ...value))
  const span = [
    ...message(1, ...Array.from({ length: 16 }, (_, at) => at)),
    ...message(2, 0xff, 0, 0, 0, 0, 0, 0, 1),
    ...attribute(...field(3, 0, ...large)),
    ...attribute(...field(2, 0, 1)),
    ...attribute(...message(5, ...message(1, ...message(1, 0x61)))),
    ...attribute(...message(7, 1, 2)),
    // A field that no reader knows.
    ...message(99 & 0x0f, 1),
  ]
  const read = JSON.parse(
    otlpJsonOf(Uint8Array.from(message(1, ...message(2, ...message(2, ...span))))),
  ) as unknown
  expect(read).toMatchObject({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: '000102030405060708090a0b0c0d0e0f',
                spanId: 'ff00000000000001',
                attributes: [
                  { key: 'k', value: { intValue: '1152921504606846976' } },
                  { key: 'k', value: { boolValue: true } },
                  { key: 'k', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
                  { key: 'k', value: { bytesValue: 'AQI=' } },
                ],
              },
            ],
          },
        ],
      },
    ],
  })
})

test('what is no such message is refused with what to send, whatever it is', async () => {
  const nested = (depth: number) => {
    let value: Buffer = Buffer.from([0x0a, 0x01, 0x61])
    for (let at = 0; at < depth; at++) {
      const length: number[] = []
      for (let left = value.length; ; left >>>= 7) {
        length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
        if (left <= 0x7f) break
      }
      value = Buffer.concat([Buffer.from([at % 2 === 0 ? 0x0a : 0x2a, ...length]), value])
    }
    return value
  }
  const bodies = [
    Buffer.from('{"resourceSpans":[]}'),
    Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('no gzip')]),
    gzipSync(Buffer.alloc(65 << 20)),
  ]
  for (const body of bodies) {
    const answer = await send(new Uint8Array(body))
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('ExportTraceServiceRequest')
  }
  // Deep nesting ends in an answer, not in the end of the process.
  expect([200, 400]).toContain((await send(new Uint8Array(nested(8_000)))).status)
  expect((await send(new Uint8Array())).status).toBe(200)
})

test('a refusal is answered in protobuf', async () => {
  const message = (id: number, ...content: number[]) => [(id << 3) | 2, content.length, ...content]
  const span = [
    ...message(1, ...new Array<number>(16).fill(7)),
    ...message(2, ...new Array<number>(8).fill(7)),
  ]
  const body = Uint8Array.from(message(1, ...message(2, ...message(2, ...span))))
  const answer = await send(body)
  expect(answer.headers.get('content-type')).toBe('application/x-protobuf')
  const bytes = Buffer.from(await answer.arrayBuffer())
  // partial_success { rejected_spans = 1, error_message = … }, of more than 127 bytes.
  expect([...bytes.subarray(0, 1), ...bytes.subarray(3, 5)]).toEqual([0x0a, 0x08, 1])
  expect(bytes.toString()).toContain('could not be stored')
})
