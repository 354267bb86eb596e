/**
 * How the records of a file lie in its bytes, decided once from its first bytes and never from its name.
 *
 * `lines`     one record on every line (JSONL, NDJSON), which also covers a document written on one line
 * `elements`  one top-level array, its elements are the records
 * `documents` one JSON object over several lines, or several of them one after the other
 */
export type RecordShape = 'lines' | 'elements' | 'documents'

/** Bytes of the head of a file that decide its shape. */
export const SHAPE_HEAD_BYTES = 64 * 1024

const NEWLINE = 10
const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const ROLE = [114, 111, 108, 101] as const // "role"

/**
 * @param head the first `SHAPE_HEAD_BYTES` of the file without byte order mark, or all of it when it is shorter
 *
 * A file that starts with `[` is an array of records unless the elements of that first array have a `role`:
 * then the array is one conversation, and the file holds one such array per line. A file that starts with `{`
 * holds one record per line when its first line is complete, or when a later line is a complete object on its
 * own (so one broken first line does not swallow the rest).
 */
export function recordShape(head: Uint8Array): RecordShape {
  const start = firstInk(head, 0)
  const first = head[start]
  const newline = head.indexOf(NEWLINE, start)
  if (first === OPEN_ARRAY) {
    if (!firstElementHasRole(head, start)) return 'elements'
    return newline === -1 || isComplete(head, start, newline) ? 'lines' : 'documents'
  }
  if (first !== OPEN_OBJECT || newline === -1 || isComplete(head, start, newline)) return 'lines'
  return hasCompleteLine(head, newline + 1) ? 'lines' : 'documents'
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === NEWLINE || byte === 13
}

function firstInk(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isBlank(bytes[at])) at++
  return at
}

/** Whether bytes[from, to) hold exactly one object or array. */
function isComplete(bytes: Uint8Array, from: number, to: number): boolean {
  let depth = 0
  let closed = false
  let inString = false
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) inString = false
    } else if (isBlank(byte)) {
    } else if (closed) return false
    else if (byte === QUOTE) inString = true
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) closed = --depth === 0
  }
  return closed
}

function hasCompleteLine(bytes: Uint8Array, from: number): boolean {
  let start = from
  for (;;) {
    const end = bytes.indexOf(NEWLINE, start)
    if (end === -1) return false
    const first = bytes[start]
    // Two bytes are `{}` or `[]`, which a document written without indentation may have on a line of its own.
    if (end - start > 3 && (first === OPEN_OBJECT || first === OPEN_ARRAY) && isComplete(bytes, start, end))
      return true
    start = end + 1
  }
}

/** Whether the first element of the array at `from` is an object with a key `role`, as far as the head shows. */
function firstElementHasRole(bytes: Uint8Array, from: number): boolean {
  let depth = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++
      if (depth === 2 && byte === OPEN_ARRAY) return false
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth--
      if (depth <= 1) return false
    } else if (byte === COMMA && depth === 1) return false
    else if (byte === QUOTE) {
      const end = endOfString(bytes, at)
      if (depth === 2 && isRole(bytes, at + 1, end) && bytes[firstInk(bytes, end + 1)] === COLON) return true
      at = end
    }
  }
  return false
}

function endOfString(bytes: Uint8Array, quote: number): number {
  let at = quote + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function isRole(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === ROLE.length && ROLE.every((byte, offset) => bytes[from + offset] === byte)
}
