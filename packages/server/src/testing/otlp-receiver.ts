/**
 * What stands behind an OTLP endpoint, on a loopback port: decodes what exporters send by the field numbers of opentelemetry/proto
 * v1.9, written here anew so that a mistake of ours is not made twice.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'

type Values = Readonly<Record<string, unknown>>
export type ReceivedSpan = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly kind: number
  readonly startMs: number
  readonly endMs: number
  readonly isError: boolean
  readonly attributes: Values
  readonly resource: Values
}
export type ReceivedPoint = {
  readonly metric: string
  readonly unit: string
  readonly count: number
  readonly sum: number
  readonly bounds: readonly number[]
  readonly attributes: Values
}
export type ReceivedEvent = { readonly name: string; readonly attributes: Values }

export type OtlpReceiver = {
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  /** As they stood in the newest message. */
  readonly points: readonly ReceivedPoint[]
  readonly events: readonly ReceivedEvent[]
  readonly headers: readonly IncomingHttpHeaders[]
  /** All that came, as bytes read for texts. */
  readonly raw: () => string
  /** From now on: 'answer', 'refuse' (400, which is not tried again), or 'hang' (never answers). */
  readonly behave: (how: 'answer' | 'refuse' | 'hang') => void
  readonly close: () => Promise<void>
}

const single = (type: string, id: number) => ({ type, id })
const many = (type: string, id: number) => ({ rule: 'repeated', type, id })
const ROOT = protobuf.Root.fromJSON({
  nested: {
    Any: {
      oneofs: { value: { oneof: ['string', 'bool', 'int', 'double', 'array'] } },
      fields: {
        string: single('string', 1),
        bool: single('bool', 2),
        int: single('int64', 3),
        double: single('double', 4),
        array: single('Anys', 5),
      },
    },
    Anys: { fields: { values: many('Any', 1) } },
    Pair: { fields: { key: single('string', 1), value: single('Any', 2) } },
    Resource: { fields: { attributes: many('Pair', 1) } },
    traces: { fields: { all: many('ResourceSpans', 1) } },
    ResourceSpans: { fields: { resource: single('Resource', 1), scopes: many('ScopeSpans', 2) } },
    ScopeSpans: { fields: { items: many('Span', 2) } },
    Span: {
      fields: {
        traceId: single('bytes', 1),
        spanId: single('bytes', 2),
        parentSpanId: single('bytes', 4),
        name: single('string', 5),
        kind: single('int32', 6),
        start: single('fixed64', 7),
        end: single('fixed64', 8),
        attributes: many('Pair', 9),
        status: single('Status', 15),
      },
    },
    Status: { fields: { code: single('int32', 3) } },
    metrics: { fields: { all: many('ResourceMetrics', 1) } },
    ResourceMetrics: { fields: { resource: single('Resource', 1), scopes: many('ScopeMetrics', 2) } },
    ScopeMetrics: { fields: { items: many('Metric', 2) } },
    Metric: {
      fields: { name: single('string', 1), unit: single('string', 3), histogram: single('Histogram', 9) },
    },
    Histogram: { fields: { points: many('Point', 1) } },
    Point: {
      fields: {
        count: single('fixed64', 4),
        sum: single('double', 5),
        bounds: many('double', 7),
        attributes: many('Pair', 9),
      },
    },
    logs: { fields: { all: many('ResourceLogs', 1) } },
    ResourceLogs: { fields: { resource: single('Resource', 1), scopes: many('ScopeLogs', 2) } },
    ScopeLogs: { fields: { items: many('Log', 2) } },
    Log: { fields: { attributes: many('Pair', 6), eventName: single('string', 12) } },
  },
})

type AnyValue = {
  readonly string?: string
  readonly bool?: boolean
  readonly int?: string
  readonly double?: number
  readonly array?: { readonly values: readonly AnyValue[] }
}
type Pairs = readonly { readonly key: string; readonly value: AnyValue }[]
type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly start: string
  readonly end: string
  readonly attributes: Pairs
  readonly status?: { readonly code?: number }
}
type Point = {
  readonly count: string
  readonly sum: number
  readonly bounds: readonly number[]
  readonly attributes: Pairs
}
type Metric = {
  readonly name: string
  readonly unit: string
  readonly histogram: { readonly points: readonly Point[] }
}
type Log = { readonly eventName: string; readonly attributes: Pairs }
type Message<Item> = {
  readonly all: readonly {
    readonly resource: { readonly attributes: Pairs }
    readonly scopes: readonly { readonly items: readonly Item[] }[]
  }[]
}

export async function otlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const points: ReceivedPoint[] = []
  const events: ReceivedEvent[] = []
  const headers: IncomingHttpHeaders[] = []
  const bodies: Buffer[] = []
  let how: 'answer' | 'refuse' | 'hang' = 'answer'
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    if (how === 'hang') return
    if (how === 'refuse') return response.writeHead(400).end()
    const sent = Buffer.concat(pieces)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
    headers.push(request.headers)
    bodies.push(body)
    if (request.url === '/v1/traces')
      for (const { resource, item } of itemsOf<Span>('traces', body)) spans.push(spanOf(item, resource))
    if (request.url === '/v1/logs')
      for (const { item } of itemsOf<Log>('logs', body))
        events.push({ name: item.eventName, attributes: pairs(item.attributes) })
    if (request.url === '/v1/metrics') {
      const items = itemsOf<Metric>('metrics', body)
      points.splice(0, points.length, ...items.flatMap(({ item }) => pointsOf(item)))
    }
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    points,
    events,
    headers,
    raw: () => Buffer.concat(bodies).toString('latin1'),
    behave: (next) => {
      how = next
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function itemsOf<Item>(kind: string, body: Uint8Array) {
  const type = ROOT.lookupType(kind)
  const { all } = type.toObject(type.decode(body), {
    longs: String,
    bytes: String,
    arrays: true,
  }) as Message<Item>
  return all.flatMap(({ resource, scopes }) =>
    scopes.flatMap(({ items }) => items.map((item) => ({ item, resource: pairs(resource.attributes) }))),
  )
}

const hex = (base64 = '') => Buffer.from(base64, 'base64').toString('hex')
const ms = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000_000n)

function spanOf(span: Span, resource: Values): ReceivedSpan {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    name: span.name,
    kind: span.kind,
    startMs: ms(span.start),
    endMs: ms(span.end),
    isError: span.status?.code === 2,
    attributes: pairs(span.attributes),
    resource,
  }
}

function pointsOf({ name, unit, histogram }: Metric): readonly ReceivedPoint[] {
  return histogram.points.map(({ count, sum, bounds, attributes }) => ({
    metric: name,
    unit,
    count: Number(count),
    sum,
    bounds,
    attributes: pairs(attributes),
  }))
}

function pairs(list: Pairs): Values {
  return Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]))
}

function plain({ array, int, string: text, double, bool }: AnyValue): unknown {
  if (array !== undefined) return array.values.map(plain)
  if (int !== undefined) return Number(int)
  return text ?? double ?? bool
}
