/** The trace that a client says it is in, by OpenTelemetry's own reader of W3C trace context. */
import { defaultTextMapGetter, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'

const propagator = new W3CTraceContextPropagator()

/**
 * Undefined where it says none, or nothing that can be read. Where the turn belongs is taken from it, and whether it is sampled, which
 * counts only where the operator has set a sampler that asks; `tracestate` is never read.
 */
export function traceOfClient(traceparent: string | undefined): SpanContext | undefined {
  if (traceparent === undefined) return undefined
  const said = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter))
  return said && { traceId: said.traceId, spanId: said.spanId, traceFlags: said.traceFlags, isRemote: true }
}
