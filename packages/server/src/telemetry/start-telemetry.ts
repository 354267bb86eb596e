/**
 * Traces, metrics and events out, by OpenTelemetry's own exporters over HTTP.
 *
 * Behind the answer   turns are told when their records have reached the database, from what was recorded; where agents are
 *                     served nothing is done for it.
 * Never waited for    each kind has a queue of a fixed length. A receiver that is slow or away loses what does not fit, and its
 *                     losses are logged.
 * To the operator     role and policy are in it: what receives it must not be readable by agents.
 */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Logger as EventLogger } from '@opentelemetry/api-logs'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, BatchSpanProcessor, type Sampler } from '@opentelemetry/sdk-trace-base'
import type { Logger } from 'pino'
import type { TurnRecord } from '../gateway/turn-record.ts'
import { saidFailures } from './said-failures.ts'
import { traceOfClient } from './trace-of-client.ts'
import { turnFacts } from './turn-facts.ts'
import { turnIds } from './turn-ids.ts'

export type Telemetry = {
  /** Never throws and never waits. */
  readonly turns: (turns: readonly TurnRecord[]) => void
  readonly events: EventLogger
  /** Sends what is there now; rejects where the receiver does not take it. */
  readonly flush: () => Promise<void>
  /** Sends what can be sent soon. */
  readonly stop: () => Promise<void>
}

export type TelemetryOptions = {
  /** Without `/v1/traces` and the like. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** Of this process. */
  readonly instanceId: string
  /** Which traces are sent. Metrics and events always are. */
  readonly sampler: Sampler
}

/** Of one request to the receiver. */
const TIMEOUT_MS = 10_000
const METRICS_EVERY_MS = 30_000
const STOP_MS = 2_000
const QUEUE = { maxQueueSize: 8_192, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 }

/** As the conventions name them. */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
const TOKENS = Array.from({ length: 14 }, (_, at) => 4 ** at)

export function startTelemetry(
  log: Logger,
  { endpoint, headers, instanceId, sampler }: TelemetryOptions,
): Telemetry {
  const place = (kind: string) => ({
    url: `${endpoint.replace(/\/+$/, '')}/v1/${kind}`,
    headers: { ...headers },
    timeoutMillis: TIMEOUT_MS,
  })
  const resource = resourceFromAttributes({ 'service.name': 'leeway', 'service.instance.id': instanceId })
  const ids = turnIds()
  const tracing = new BasicTracerProvider({
    resource,
    sampler,
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor(saidFailures(log, 'traces', new OTLPTraceExporter(place('traces'))), QUEUE),
    ],
  })
  const metering = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: saidFailures(log, 'metrics', new OTLPMetricExporter(place('metrics'))),
        exportIntervalMillis: METRICS_EVERY_MS,
        exportTimeoutMillis: TIMEOUT_MS,
      }),
    ],
  })
  const logging = new LoggerProvider({
    resource,
    processors: [
      new BatchLogRecordProcessor(saidFailures(log, 'events', new OTLPLogExporter(place('logs'))), QUEUE),
    ],
  })
  const tracer = tracing.getTracer('leeway')
  const meter = metering.getMeter('leeway')
  const duration = meter.createHistogram('gen_ai.client.operation.duration', {
    description: 'From a request to the end of its answer, people included.',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  })
  const usage = meter.createHistogram('gen_ai.client.token.usage', {
    description: 'Tokens of a turn, as upstreams counted them.',
    unit: '{token}',
    advice: { explicitBucketBoundaries: TOKENS },
  })
  const tell = (turn: TurnRecord): void => {
    const told = turnFacts(turn)
    if (told === null) return
    const [startTime, endTime] = [Date.parse(turn.startedAt), Date.parse(turn.endedAt)]
    ids.begin(turn.id)
    const above = traceOfClient(turn.traceparent)
    const span = tracer.startSpan(
      told.name,
      { kind: SpanKind.CLIENT, startTime, attributes: told.facts },
      above === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, above),
    )
    const inside = trace.setSpan(ROOT_CONTEXT, span)
    // When each was decided is not recorded; all stand before the end.
    for (const { tool, facts } of told.calls)
      tracer
        .startSpan(
          `leeway.decide ${tool}`,
          { kind: SpanKind.INTERNAL, startTime: endTime, attributes: facts },
          inside,
        )
        .end(endTime)
    if (told.errorType !== null) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(Math.max(startTime, endTime))
    duration.record(Math.max(0, endTime - startTime) / 1_000, told.measuredBy)
    if (told.tokens === null) return
    usage.record(told.tokens.input, { ...told.measuredBy, 'gen_ai.token.type': 'input' })
    usage.record(told.tokens.output, { ...told.measuredBy, 'gen_ai.token.type': 'output' })
  }
  const flush = async () => {
    await Promise.all([tracing.forceFlush(), metering.forceFlush(), logging.forceFlush()])
  }
  return {
    turns(turns) {
      for (const turn of turns)
        try {
          tell(turn)
        } catch (error) {
          log.error({ err: error, turn: turn.id }, 'a turn could not be told to OpenTelemetry')
        }
    },
    events: logging.getLogger('leeway'),
    flush,
    async stop() {
      const ended = Promise.allSettled([tracing.shutdown(), metering.shutdown(), logging.shutdown()])
      let timer: NodeJS.Timeout | undefined
      await Promise.race([
        ended,
        new Promise((done) => {
          timer = setTimeout(done, STOP_MS)
        }),
      ])
      clearTimeout(timer)
    },
  }
}
