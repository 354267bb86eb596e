import { asArray, asObject, firstMember } from '../json-field.ts'
import type { EpisodeFormat } from './format.ts'
import { traceCollector } from './trace-collector.ts'

/**
 * OpenTelemetry GenAI spans as OTLP/JSON: `{"resourceSpans": [...]}`, one document or one per line.
 *
 * One trace is one episode. `read` takes one record on its own; to join a trace that is spread over several
 * records of a file, feed them all to one `traceCollector`.
 */
export const otlp: EpisodeFormat = {
  name: 'otlp',
  looksLike: 'OpenTelemetry spans as OTLP/JSON: {resourceSpans: [...]}',
  recognise(record) {
    const object = asObject(record)
    return asArray(firstMember(object, ['resourceSpans', 'resource_spans'])) !== null
  },
  read(record) {
    const collector = traceCollector<null>()
    return [...collector.add(record, null), ...collector.finish()].map((trace) => trace.result)
  },
}
