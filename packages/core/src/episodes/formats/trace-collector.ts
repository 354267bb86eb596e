import type { Json } from '../episode.ts'
import type { DraftResult } from '../episode-draft.ts'
import { type OtlpSpan, readSpans } from './otlp-span.ts'
import { readTrace } from './otlp-trace.ts'

/** Traces kept open while a file is read, and spans in them; over either the oldest trace is closed. */
const OPEN_TRACES_MAX = 10_000
const OPEN_SPANS_MAX = 200_000

export type CollectedTrace<Place> = {
  /** Where the first span of the trace was. */
  readonly place: Place
  readonly result: DraftResult
}

type TraceCollector<Place> = {
  /** Takes one OTLP document; gives the traces it had to close, and what is wrong with single spans. */
  readonly add: (record: Json, place: Place) => readonly CollectedTrace<Place>[]
  /** The traces still open, in the order in which they began in the file. */
  readonly finish: () => readonly CollectedTrace<Place>[]
}

/**
 * Joins the spans of a trace over the records of one file, with bounded memory.
 *
 * A trace is closed at the end of the file, or when more than `OPEN_TRACES_MAX` traces or `OPEN_SPANS_MAX` spans
 * are open and it is the oldest. Spans of it that come later still become an episode of their own, with the same
 * source id: the import then refuses the second one, which says what happened instead of losing it silently.
 */
export function traceCollector<Place>(
  limits: { readonly tracesMax?: number; readonly spansMax?: number } = {},
): TraceCollector<Place> {
  const tracesMax = limits.tracesMax ?? OPEN_TRACES_MAX
  const spansMax = limits.spansMax ?? OPEN_SPANS_MAX
  const open = new Map<string, { readonly place: Place; readonly spans: OtlpSpan[] }>()
  let openSpans = 0

  function close(traceId: string): CollectedTrace<Place> {
    const trace = open.get(traceId)
    open.delete(traceId)
    openSpans -= trace?.spans.length ?? 0
    return { place: trace?.place as Place, result: readTrace(traceId, trace?.spans ?? []) }
  }
  return {
    add(record, place) {
      const { spans, problems } = readSpans(record)
      const closed: CollectedTrace<Place>[] = problems.map((problem) => ({
        place,
        result: { ok: false, problem },
      }))
      for (const span of spans) {
        const trace = open.get(span.traceId)
        if (trace === undefined) open.set(span.traceId, { place, spans: [span] })
        else trace.spans.push(span)
        openSpans++
      }
      for (const traceId of open.keys()) {
        if (open.size <= tracesMax && openSpans <= spansMax) break
        closed.push(close(traceId))
      }
      return closed
    },
    finish() {
      return [...open.keys()].map(close)
    },
  }
}
