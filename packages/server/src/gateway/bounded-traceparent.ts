/** Version, trace, span and flags, and room for what a later version adds. */
const LENGTH_MAX = 100

/** A client's W3C `traceparent`, kept as it came for telemetry to read. Nothing where it is none, or longer than any. */
export function boundedTraceparent(given: unknown): string | undefined {
  return typeof given === 'string' && given !== '' && given.length <= LENGTH_MAX ? given : undefined
}
