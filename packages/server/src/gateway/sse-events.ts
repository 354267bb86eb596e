/**
 * Splits a stream of server-sent events wherever its pieces happen to be cut. Each event keeps its bytes, so that what is
 * passed on is what came.
 *
 * Works on bytes: a character cut in two is whole again before anybody reads it. Bounded: one event is at most `EVENT_BYTES_MAX`.
 */

export type SseEvent = {
  /** With the empty line that ends it. */
  readonly bytes: Buffer
  /** Its `data` lines, joined by line breaks; null where there is none (a comment that keeps the connection alive). */
  readonly data: string | null
  /** A line of it is none that the format knows: others may read something into it. */
  readonly isOdd: boolean
}

export type SseSplitter = {
  /** Events that ended in this piece. Throws RangeError when one is too long. */
  readonly push: (piece: Uint8Array) => readonly SseEvent[]
  /** Bytes after the last event; more than white space means that the stream was cut. */
  readonly rest: () => Buffer
}

const EVENT_BYTES_MAX = 8 << 20
const LF = 10
const CR = 13

export function sseSplitter(): SseSplitter {
  let held: Buffer = Buffer.alloc(0)
  /** Up to here it holds no end of an event. */
  let searched = 0
  return {
    push(piece) {
      held = held.length === 0 ? Buffer.from(piece) : Buffer.concat([held, piece])
      const events: SseEvent[] = []
      let from = 0
      for (;;) {
        const end = endOfEvent(held, Math.max(from, searched))
        if (end === -1) break
        events.push(eventOf(held.subarray(from, end)))
        from = end
        searched = end
      }
      if (from > 0) {
        held = Buffer.from(held.subarray(from))
        searched = 0
      }
      // A line break at the very end may be half of the empty line.
      searched = Math.max(0, held.length - 3)
      if (held.length > EVENT_BYTES_MAX)
        throw new RangeError(`an event is longer than ${EVENT_BYTES_MAX} bytes`)
      return events
    },
    rest: () => held,
  }
}

/** Just after the empty line that ends an event; -1: it has not ended. Lines end in LF, CR LF or CR. */
function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const afterLine = lineEnd(bytes, at)
    if (afterLine === at) continue
    if (afterLine === -1) return -1
    const afterEmpty = lineEnd(bytes, afterLine)
    if (afterEmpty > afterLine) return afterEmpty
    if (afterEmpty === -1) return -1
  }
  return -1
}

/** Behind the line break at `at`; `at` itself where there is none, -1 where a CR is the last byte there is. */
function lineEnd(bytes: Buffer, at: number): number {
  const byte = bytes[at]
  if (byte === LF) return at + 1
  if (byte !== CR) return at
  if (at + 1 === bytes.length) return -1
  return bytes[at + 1] === LF ? at + 2 : at + 1
}

function eventOf(bytes: Buffer): SseEvent {
  const lines = bytes.toString('utf8').split(/\r\n|\n|\r/)
  const data = lines.filter((line) => line === 'data' || line.startsWith('data:')).map(afterColon)
  return {
    bytes,
    data: data.length === 0 ? null : data.join('\n'),
    isOdd: !lines.every((line) => KNOWN_LINE.test(line)),
  }
}

const KNOWN_LINE = /^(?:$|:|(?:data|event|id|retry)(?::|$))/

function afterColon(line: string): string {
  const value = line.slice('data:'.length)
  return value.startsWith(' ') ? value.slice(1) : value
}
