import type { Json } from '../episode.ts'
import { asArray, asObject, firstMember, type JsonObject, member, textMember } from '../json-field.ts'
import type { RecordProblem } from '../record-problem.ts'

export type Attributes = { readonly [key: string]: Json }

export type OtlpSpan = {
  readonly traceId: string
  readonly id: string
  readonly parentId: string | null
  readonly name: string
  /** Milliseconds since 1970 with fraction; null when absent. */
  readonly startMs: number | null
  readonly endMs: number | null
  readonly attributes: Attributes
  readonly resource: Attributes
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[]
  readonly error: string | null
}

/** Spans of one OTLP/JSON document; a span without trace or span id is a problem of its own. */
export function readSpans(record: Json): {
  readonly spans: readonly OtlpSpan[]
  readonly problems: readonly RecordProblem[]
} {
  const spans: OtlpSpan[] = []
  const problems: RecordProblem[] = []
  const resources = asArray(firstMember(asObject(record), ['resourceSpans', 'resource_spans'])) ?? []
  for (const [r, entry] of resources.entries()) {
    const resourceSpans = asObject(entry)
    const resource = readAttributes(member(asObject(member(resourceSpans, 'resource')), 'attributes'))
    const scopes =
      asArray(firstMember(resourceSpans, ['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans'])) ?? []
    for (const [s, scope] of scopes.entries()) {
      for (const [n, span] of (asArray(member(asObject(scope), 'spans')) ?? []).entries()) {
        const read = readSpan(asObject(span), resource)
        if (read !== null) spans.push(read)
        else {
          problems.push({
            field: `resourceSpans[${r}].scopeSpans[${s}].spans[${n}]`,
            reason: 'The span has no traceId or no spanId.',
            expected: 'Both ids as text.',
            fix: 'Export the spans as OTLP/JSON, with ids in hex.',
          })
        }
      }
    }
  }
  return { spans, problems }
}

function readSpan(span: JsonObject | null, resource: Attributes): OtlpSpan | null {
  const traceId = textMember(span, 'traceId', 'trace_id')
  const id = textMember(span, 'spanId', 'span_id')
  if (traceId === null || id === null) return null
  const events = (asArray(member(span, 'events')) ?? []).map((event) => ({
    name: textMember(asObject(event), 'name') ?? '',
    attributes: readAttributes(member(asObject(event), 'attributes')),
  }))
  const attributes = readAttributes(member(span, 'attributes'))
  return {
    traceId,
    id,
    parentId: textMember(span, 'parentSpanId', 'parent_span_id'),
    name: textMember(span, 'name') ?? '',
    startMs: readNanos(firstMember(span, ['startTimeUnixNano', 'start_time_unix_nano'])),
    endMs: readNanos(firstMember(span, ['endTimeUnixNano', 'end_time_unix_nano'])),
    attributes,
    resource,
    events,
    error: readError(asObject(member(span, 'status')), attributes, events),
  }
}

/** Nanoseconds as text (the rule) or number. A double of milliseconds keeps a quarter of a microsecond. */
function readNanos(value: Json | undefined): number | null {
  const isNanos = typeof value === 'number' || (typeof value === 'string' && /^\d{1,20}$/.test(value))
  const ms = isNanos ? Number(value) / 1e6 : 0
  return ms > 0 && Number.isFinite(ms) ? ms : null
}

function readError(
  status: JsonObject | null,
  attributes: Attributes,
  events: OtlpSpan['events'],
): string | null {
  const code = member(status, 'code')
  const exception = events.find((event) => event.name === 'exception')?.attributes
  const said =
    textMember(status, 'message') ??
    textMember(exception ?? null, 'exception.message', 'exception.type') ??
    textMember(attributes, 'error.message', 'error.type')
  if (code === 2 || code === 'STATUS_CODE_ERROR') return said ?? 'The span ended with an error.'
  return textMember(attributes, 'error.message', 'error.type')
}

/** The list of `{key, value: AnyValue}` that OTLP has, or a plain object. The last of two equal keys wins. */
function readAttributes(value: Json | undefined): Attributes {
  const list = asArray(value)
  if (list === null) return asObject(value) ?? {}
  return Object.fromEntries(
    list.flatMap((entry) => {
      const key = textMember(asObject(entry), 'key')
      return key === null ? [] : [[key, readAnyValue(member(asObject(entry), 'value'))] as const]
    }),
  )
}

/** OTLP's AnyValue as plain JSON; 64-bit integers come as text and stay text when a double cannot hold them. */
function readAnyValue(value: Json | undefined): Json {
  const object = asObject(value)
  if (object === null) return value ?? null
  const array = member(object, 'arrayValue')
  if (array !== undefined) return (asArray(member(asObject(array), 'values')) ?? []).map(readAnyValue)
  const list = member(object, 'kvlistValue')
  if (list !== undefined) return readAttributes(member(asObject(list), 'values') ?? [])
  const integer = member(object, 'intValue')
  if (integer !== undefined) return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
  return firstMember(object, ['stringValue', 'boolValue', 'doubleValue', 'bytesValue']) ?? null
}
