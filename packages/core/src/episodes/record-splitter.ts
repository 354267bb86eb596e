import { EPISODE_LIMITS } from './episode.ts'
import type { RecordProblem } from './record-problem.ts'
import { isBlank, type RecordShape, recordShape, SHAPE_HEAD_BYTES } from './record-shape.ts'
import { refusedEncoding } from './text-encoding.ts'

/**
 * Finds where the records of a JSON file begin and end, while the file streams by, without building a tree.
 *
 * Push the bytes in pieces of any size (which must not change afterwards), then call `end` once. The events do not depend on how the bytes were
 * cut. Nothing more than one record is held: a record over `recordBytesMax` is dropped as soon as it grows
 * over it, skipped to its end without being buffered, and the records after it are still found.
 *
 * Whether a record is good JSON is not decided here: broken text comes out as a record and fails to parse.
 * Cost: one look at each byte (a newline search alone when there is a record per line).
 */
export type SplitEvent =
  | {
      readonly kind: 'record'
      /** Without surrounding line break. A view into the pushed piece where possible: read it before the next push. */
      readonly bytes: Uint8Array
      /** Line on which the record begins, from 1. */
      readonly line: number
      /** Number of the record in the file, from 0; refused ones count too. */
      readonly index: number
      /** Offset of its first byte in the file, byte order mark included. */
      readonly offset: number
    }
  | {
      readonly kind: 'problem'
      readonly line: number
      readonly index: number
      readonly problem: RecordProblem
    }

type RecordSplitter = {
  readonly push: (piece: Uint8Array) => readonly SplitEvent[]
  /** After the last byte of a whole file. */
  readonly end: () => readonly SplitEvent[]
  /** Instead of `end` when the source broke off: the records that were complete by then, nothing of the broken one. */
  readonly cut: () => readonly SplitEvent[]
}

export function recordSplitter(limits: { readonly recordBytesMax?: number } = {}): RecordSplitter {
  const recordBytesMax = limits.recordBytesMax ?? EPISODE_LIMITS.recordBytesMax
  const head: Uint8Array[] = []
  let headBytes = 0
  let scanner: Scanner | null = null
  let dead = false

  function start(events: SplitEvent[]): void {
    const bytes = joined(head, headBytes)
    const encoding = refusedEncoding(bytes)
    if (encoding !== null) {
      events.push({ kind: 'problem', line: 1, index: 0, problem: encoding })
      dead = true
      return
    }
    const skipped = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
    const text = bytes.subarray(skipped)
    const shape = recordShape(text.subarray(0, SHAPE_HEAD_BYTES))
    scanner =
      shape === 'lines' ? lineScanner(recordBytesMax, skipped) : treeScanner(shape, recordBytesMax, skipped)
    scanner.scan(text, events)
  }

  return {
    push(piece) {
      const events: SplitEvent[] = []
      if (dead || piece.length === 0) return events
      if (scanner !== null) {
        scanner.scan(piece, events)
        return events
      }
      // Always decided on the same bytes, however the file was cut.
      head.push(piece)
      headBytes += piece.length
      if (headBytes >= SHAPE_HEAD_BYTES + 3) start(events)
      return events
    },
    end() {
      const events: SplitEvent[] = []
      if (!dead && scanner === null) start(events)
      if (!dead) scanner?.finish(events)
      dead = true
      return events
    },
    cut() {
      const events: SplitEvent[] = []
      if (!dead && scanner === null && headBytes > 0) start(events)
      dead = true
      return events
    },
  }
}

type Scanner = {
  readonly scan: (piece: Uint8Array, events: SplitEvent[]) => void
  readonly finish: (events: SplitEvent[]) => void
}

/** The bytes of the record that is being read, or only their number once there are too many. */
function recordBuffer(recordBytesMax: number) {
  let pieces: Uint8Array[] = []
  let bytes = 0
  return {
    add(piece: Uint8Array): void {
      bytes += piece.length
      if (bytes <= recordBytesMax) pieces.push(piece)
      else pieces = []
    },
    take(line: number, index: number, offset: number): SplitEvent {
      const event: SplitEvent =
        bytes > recordBytesMax
          ? { kind: 'problem', line, index, problem: tooLarge(bytes, recordBytesMax) }
          : { kind: 'record', bytes: joined(pieces, bytes), line, index, offset }
      pieces = []
      bytes = 0
      return event
    },
  }
}

function lineScanner(recordBytesMax: number, offsetAtStart: number): Scanner {
  const buffer = recordBuffer(recordBytesMax)
  let offset = offsetAtStart
  let lineOffset = offsetAtStart
  let line = 1
  let index = 0
  let blank = true

  function add(piece: Uint8Array): void {
    for (let at = 0; blank && at < piece.length; at++) blank = isBlank(piece[at])
    buffer.add(piece)
    offset += piece.length
  }
  function finishLine(events: SplitEvent[]): void {
    const event = buffer.take(line, index, lineOffset)
    if (!blank) {
      events.push(event)
      index++
    }
    blank = true
  }
  return {
    scan(piece, events) {
      let from = 0
      while (from < piece.length) {
        const newline = piece.indexOf(10, from)
        if (newline === -1) {
          add(piece.subarray(from))
          return
        }
        add(piece.subarray(from, newline))
        finishLine(events)
        line++
        lineOffset = ++offset
        from = newline + 1
      }
    },
    finish: finishLine,
  }
}

/** Elements of a top-level array (`elements`, at depth 1) or top-level values (`documents`, at depth 0). */
function treeScanner(
  shape: Exclude<RecordShape, 'lines'>,
  recordBytesMax: number,
  offsetAtStart: number,
): Scanner {
  const base = shape === 'elements' ? 1 : 0
  const buffer = recordBuffer(recordBytesMax)
  let offset = offsetAtStart // of the first byte of the piece being scanned
  let line = 1
  let index = 0
  let depth = 0
  let inString = false
  let escaped = false
  let junk = false // text where no record can be: taken as one broken record up to the end of its line
  let open = false // inside a record
  let openLine = 1
  let openOffset = 0

  return {
    scan(piece, events) {
      let from = 0 // where the open record begins in this piece
      const begin = (at: number) => {
        open = true
        from = at
        openLine = line
        openOffset = offset + at
      }
      const close = (to: number) => {
        buffer.add(piece.subarray(from, to))
        events.push(buffer.take(openLine, index++, openOffset))
        open = false
        junk = false
      }
      const length = piece.length
      let at = 0
      while (at < length) {
        const byte = piece[at]!
        if (junk) {
          if (byte === 10) {
            close(at)
            line++
          }
        } else if (inString) {
          if (escaped) {
            escaped = false
            if (byte === 10) line++
          } else {
            let next = byte
            while (next !== 34 && next !== 92 && next !== 10 && ++at < length) next = piece[at]!
            if (at === length) break
            if (next === 34) inString = false
            else if (next === 92) escaped = true
            else line++
          }
        } else if (byte === 34) {
          if (!open) begin(at)
          if (depth < base || (base === 0 && depth === 0)) junk = true
          else inString = true
        } else if (byte === 123 || byte === 91) {
          if (depth >= base) {
            if (!open) begin(at)
            depth++
          } else if (byte === 91) depth++
          else {
            begin(at)
            junk = true
          }
        } else if (byte === 125 || byte === 93) {
          if (depth > base) {
            depth--
            if (depth === base && base === 0) close(at + 1)
          } else if (depth === 1 && base === 1 && byte === 93) {
            if (open) close(at)
            depth = 0
          } else if (!open) {
            begin(at)
            junk = depth === 0
          }
        } else if (byte === 44 && depth === base && base === 1) {
          if (open) close(at)
        } else if (byte === 10) line++
        else if (!open && byte !== 32 && byte !== 13 && byte !== 9) {
          begin(at)
          if (depth < base || base === 0) junk = true
        }
        at++
      }
      if (open) buffer.add(piece.subarray(from))
      offset += length
    },
    finish(events) {
      // A record whose brackets are closed is whole, even if the list around it is not.
      const whole = open && (junk || (depth === 1 && base === 1 && !inString))
      if (whole) events.push(buffer.take(openLine, index++, openOffset))
      if (open && !whole)
        events.push({ kind: 'problem', line: openLine, index: index++, problem: unfinished('record') })
      else if (depth > 0) events.push({ kind: 'problem', line, index, problem: unfinished('list') })
    },
  }
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function tooLarge(bytes: number, recordBytesMax: number): RecordProblem {
  return {
    field: null,
    reason: `The record has ${bytes.toLocaleString('en')} bytes.`,
    expected: `At most ${recordBytesMax.toLocaleString('en')} bytes a record.`,
    fix: 'Cut attachments or tool results out of the record, or split it into several episodes.',
  }
}

function unfinished(what: 'record' | 'list'): RecordProblem {
  return {
    field: null,
    reason:
      what === 'record'
        ? 'The file ends inside this record: a bracket or quote that opens here is never closed.'
        : 'The file ends before the list of records is closed with ].',
    expected: 'A complete JSON text.',
    fix: 'The file was probably cut off: export or copy it again.',
  }
}
