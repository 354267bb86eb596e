/**
 * Reads chosen columns of a CSV or JSON Lines file as columns of small numbers with their names: the reader for
 * files of millions of rows. A plain CSV file (no quotes) is read byte by byte; quoted files, JSON Lines and standard
 * input go through `readRecordFile`, with the same result.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { CommandError } from '../exit-codes.ts'
import { fault, type RecordFile, readRecordFile } from '../records/record-file.ts'
import { requireColumn, textOf } from '../records/record-value.ts'
import { textInterner } from './text-interner.ts'

export type TableColumn = {
  /** One for each row, an index into `names`. */
  readonly ids: Int32Array
  /** Distinct trimmed texts in order of first appearance; the empty text is one of them where it occurs. */
  readonly names: readonly string[]
}

export type ColumnTable = {
  readonly path: string
  readonly rows: number
  /** In the order they were asked for. */
  readonly columns: readonly TableColumn[]
}

const CHUNK = 1 << 20
const NEWLINE = 10
const RETURN = 13
const QUOTE = 34
const SPACE = 32

/** `wanted` lists for each column the names it may have in the header. Throws CommandError with file and line. */
export async function readColumnTable(
  path: string,
  wanted: readonly (readonly string[])[],
): Promise<ColumnTable> {
  const plain = path === '-' ? null : readPlain(path, wanted)
  return plain ?? fromRecords(await readRecordFile(path), wanted)
}

function fromRecords(file: RecordFile, wanted: readonly (readonly string[])[]): ColumnTable {
  const columns = wanted.map((names) => {
    const column = requireColumn(file, names)
    const known = new Map<string, number>()
    const ids = new Int32Array(file.records.length)
    for (const [row, record] of file.records.entries()) {
      const text = textOf(file, record, column)
      const id = known.get(text) ?? known.size
      known.set(text, id)
      ids[row] = id
    }
    return { ids, names: [...known.keys()] }
  })
  return { path: file.path, rows: file.records.length, columns }
}

/** null where the file is not a plain CSV file. */
function readPlain(path: string, wanted: readonly (readonly string[])[]): ColumnTable | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    // The general reader says what is wrong with the path.
    return null
  }
  try {
    return scan(path, file, wanted)
  } finally {
    closeSync(file)
  }
}

function scan(path: string, file: number, wanted: readonly (readonly string[])[]): ColumnTable | null {
  let buffer = Buffer.alloc(CHUNK * 2)
  let held = 0
  const fill = (): number => {
    if (buffer.length - held < CHUNK) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)])
    let read: number
    try {
      read = readSync(file, buffer, held, CHUNK, null)
    } catch (error) {
      throw new CommandError(`${path}: ${(error as Error).message}`, 'give a readable file')
    }
    held += read
    return read
  }
  let last = fill() === 0
  while (!last && buffer.indexOf(NEWLINE) === -1 && held < 4 * CHUNK) last = fill() === 0
  const end = buffer.subarray(0, held).indexOf(NEWLINE)
  const headerEnd = end === -1 ? held : end
  const header = buffer
    .toString('utf8', 0, headerEnd)
    .replace(/^\uFEFF/, '')
    .trim()
  // A lone carriage return ends lines in files of the old Macintosh; the general reader knows it.
  if (header === '' || header.startsWith('{') || header.includes('"') || header.includes('\r')) return null
  const delimiter = [',', ';', '\t'].find((mark) => header.includes(mark)) ?? ','
  const names = header.split(delimiter).map((name) => name.trim())
  if (new Set(names).size !== names.length) return null
  const places = wanted.map((choices) =>
    names.indexOf(requireColumn({ path, columns: names, records: [] }, choices)),
  )
  const columnAt = names.map((_, place) => places.indexOf(place))
  const interners = wanted.map(() => textInterner())
  let ids = wanted.map(() => new Int32Array(1 << 12))
  let rows = 0
  let line = 1
  let from = end === -1 ? held : end + 1
  const mark = delimiter.charCodeAt(0)
  for (;;) {
    const bytes = buffer
    // Whole lines only; the rest is moved to the front before the next piece is read.
    const stop = last ? held : bytes.lastIndexOf(NEWLINE, held - 1) + 1
    let at = from
    while (at < stop) {
      line += 1
      let column = 0
      let fieldFrom = at
      const rowFrom = at
      for (;;) {
        const byte = at < stop ? (bytes[at] as number) : NEWLINE
        if (byte === QUOTE) return null
        if (byte === mark || byte === NEWLINE) {
          let to = at
          if (byte === NEWLINE && to > fieldFrom && bytes[to - 1] === RETURN) to -= 1
          if (byte === NEWLINE && column === 0 && blank(bytes, rowFrom, to)) break
          const slot = column < columnAt.length ? (columnAt[column] as number) : -1
          if (slot >= 0) {
            let start = fieldFrom
            while (start < to && (bytes[start] as number) <= SPACE) start += 1
            while (to > start && (bytes[to - 1] as number) <= SPACE) to -= 1
            if (rows === (ids[0] as Int32Array).length)
              ids = ids.map((before) => {
                const after = new Int32Array(before.length * 2)
                after.set(before)
                return after
              })
            ;(ids[slot] as Int32Array)[rows] = (interners[slot] as (typeof interners)[number]).intern(
              bytes,
              start,
              to,
            )
          }
          column += 1
          fieldFrom = at + 1
          if (byte === NEWLINE) {
            if (column !== names.length)
              throw fault(
                { path },
                line,
                `${column} values for ${names.length} columns`,
                'quote values that hold commas',
              )
            rows += 1
            break
          }
        } else if (byte === RETURN && at + 1 < stop && bytes[at + 1] !== NEWLINE) return null
        at += 1
      }
      at += 1
    }
    if (last) break
    const rest = held - stop
    bytes.copyWithin(0, stop, held)
    held = rest
    from = 0
    last = fill() === 0
  }
  try {
    return {
      path,
      rows,
      columns: ids.map((column, slot) => ({
        ids: column.subarray(0, rows),
        names: (interners[slot] as (typeof interners)[number]).names(),
      })),
    }
  } catch {
    throw new CommandError(`${path}: not in UTF-8`, 'save it in UTF-8')
  }
}

function blank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] as number) > SPACE) return false
  return true
}
