/**
 * OTLP as protobuf, as most exporters send it unless they are told otherwise, turned into OTLP's JSON, which the reader of traces
 * knows. Field numbers are those of opentelemetry/proto/collector/trace/v1 and what it imports (v1.9); fields that no reader asks
 * for are left out and skipped.
 */
import protobuf from 'protobufjs'

const string = (id: number) => ({ type: 'string', id })
const bytes = (id: number) => ({ type: 'bytes', id })
const instant = (id: number) => ({ type: 'fixed64', id })
const many = (type: string, id: number) => ({ rule: 'repeated', type, id })

const OTLP = protobuf.Root.fromJSON({
  nested: {
    ExportTraceServiceRequest: { fields: { resourceSpans: many('ResourceSpans', 1) } },
    ExportTraceServiceResponse: { fields: { partialSuccess: { type: 'PartialSuccess', id: 1 } } },
    PartialSuccess: { fields: { rejectedSpans: { type: 'int64', id: 1 }, errorMessage: string(2) } },
    ResourceSpans: {
      fields: {
        resource: { type: 'Resource', id: 1 },
        scopeSpans: many('ScopeSpans', 2),
        schemaUrl: string(3),
      },
    },
    Resource: { fields: { attributes: many('KeyValue', 1) } },
    ScopeSpans: {
      fields: { scope: { type: 'Scope', id: 1 }, spans: many('Span', 2), schemaUrl: string(3) },
    },
    Scope: { fields: { name: string(1), version: string(2), attributes: many('KeyValue', 3) } },
    Span: {
      fields: {
        traceId: bytes(1),
        spanId: bytes(2),
        traceState: string(3),
        parentSpanId: bytes(4),
        name: string(5),
        kind: { type: 'int32', id: 6 },
        startTimeUnixNano: instant(7),
        endTimeUnixNano: instant(8),
        attributes: many('KeyValue', 9),
        events: many('Event', 11),
        links: many('Link', 13),
        status: { type: 'Status', id: 15 },
      },
    },
    Event: { fields: { timeUnixNano: instant(1), name: string(2), attributes: many('KeyValue', 3) } },
    Link: { fields: { traceId: bytes(1), spanId: bytes(2), attributes: many('KeyValue', 4) } },
    Status: { fields: { message: string(2), code: { type: 'int32', id: 3 } } },
    KeyValue: { fields: { key: string(1), value: { type: 'AnyValue', id: 2 } } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        stringValue: string(1),
        boolValue: { type: 'bool', id: 2 },
        intValue: { type: 'int64', id: 3 },
        doubleValue: { type: 'double', id: 4 },
        arrayValue: { type: 'ArrayValue', id: 5 },
        kvlistValue: { type: 'KeyValueList', id: 6 },
        bytesValue: bytes(7),
      },
    },
    ArrayValue: { fields: { values: many('AnyValue', 1) } },
    KeyValueList: { fields: { values: many('KeyValue', 1) } },
  },
})
const Request = OTLP.lookupType('ExportTraceServiceRequest')
const Response = OTLP.lookupType('ExportTraceServiceResponse')

type Ids = { traceId?: string; spanId?: string; parentSpanId?: string; readonly links?: readonly Ids[] }
type Traces = {
  readonly resourceSpans?: readonly { readonly scopeSpans?: readonly { readonly spans?: readonly Ids[] }[] }[]
}

/** Throws RangeError for bytes that are no such message, and for values nested too deep to be read. */
export function otlpJsonOf(message: Uint8Array): string {
  const traces = readMessage(message)
  // In OTLP's JSON ids are hexadecimal, unlike all other bytes.
  for (const { scopeSpans = [] } of traces.resourceSpans ?? [])
    for (const { spans = [] } of scopeSpans)
      for (const span of spans) {
        toHex(span)
        for (const link of span.links ?? []) toHex(link)
      }
  return JSON.stringify(traces)
}

function readMessage(message: Uint8Array): Traces {
  try {
    return Request.toObject(Request.decode(message), { longs: String, bytes: String }) as Traces
  } catch (error) {
    throw new RangeError(`not an OTLP message of traces: ${(error as Error).message}`, { cause: error })
  }
}

function toHex(ids: Ids): void {
  for (const name of ['traceId', 'spanId', 'parentSpanId'] as const) {
    const base64 = ids[name]
    if (base64 !== undefined) ids[name] = Buffer.from(base64, 'base64').toString('hex')
  }
}

/** What OTLP answers: nothing when all was taken. */
export function otlpAnswer(
  refused: { readonly rejectedSpans: number; readonly errorMessage: string } | null,
): Uint8Array {
  return Response.encode(Response.create(refused === null ? {} : { partialSuccess: refused })).finish()
}
