/**
 * Reads chosen columns of a CSV or JSON Lines file as columns of small numbers with their names: the reader for
 * files of millions of rows. A plain CSV file (no quotes) is read byte by byte; quoted files, JSON Lines and standard
 * input go through `readRecordFile`, with the same result.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { CommandError } from '../exit-codes.ts'
import { fault, type RecordFile, readRecordFile } from '../records/record-file.ts'
import { requireColumn, textOf } from '../records/record-value.ts'
import { DIRECT, DIRECT_DIGITS, type TextInterner, textInterner } from './text-interner.ts'

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
const ZERO = 48
const NINE = 57

type Field = {
  /** Below `interned` what the interner said; from there on whole numbers as they stand in the file. */
  ids: Int32Array
  interned: number
  readonly interner: TextInterner
}

type LineScan = {
  readonly path: string
  /** By column of the file; null where nobody asked for it. */
  readonly fields: readonly (Field | null)[]
  readonly mark: number
  rows: number
  /** The line that was read last, from 1. */
  line: number
}

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
  if (end === -1 && !last) return null
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
  const fields = names.map((_, place) => {
    const slot = places.indexOf(place)
    return slot < 0 ? null : { ids: new Int32Array(1 << 12), interned: 0, interner: textInterner() }
  })
  const state = { path, fields, mark: delimiter.charCodeAt(0), rows: 0, line: 1 }
  let from = end === -1 ? held : end + 1
  for (;;) {
    // Every line that is scanned ends with a line break, so nothing has to look for the end of the bytes.
    if (last && held > 0 && buffer[held - 1] !== NEWLINE) {
      if (held === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(1)])
      buffer[held] = NEWLINE
      held += 1
    }
    const stop = buffer.lastIndexOf(NEWLINE, held - 1) + 1
    if (held > 0 && !scanLines(buffer, from, stop, state)) return null
    if (last) break
    buffer.copyWithin(0, stop, held)
    held -= stop
    from = 0
    last = fill() === 0
  }
  try {
    return {
      path,
      rows: state.rows,
      columns: places.map((place) => {
        const { ids, interner } = fields[place] as Field
        return { ids: ids.subarray(0, state.rows), names: interner.names() }
      }),
    }
  } catch {
    throw new CommandError(`${path}: not in UTF-8`, 'save it in UTF-8')
  }
}

/** Reads bytes[from, stop), which are whole lines. Returns false where the file is not plain after all. */
function scanLines(bytes: Uint8Array, from: number, stop: number, scan: LineScan): boolean {
  const { fields, mark } = scan
  const width = fields.length
  let { rows, line } = scan
  let column = 0
  let at = from
  while (at < stop) {
    const field = column < width ? (fields[column] as Field | null) : null
    const start = at
    let value = 0
    let byte = bytes[at] as number
    while (byte >= ZERO && byte <= NINE && at - start < DIRECT_DIGITS) {
      value = value * 10 + byte - ZERO
      at += 1
      byte = bytes[at] as number
    }
    const ended = byte === mark || byte === NEWLINE
    if (ended && at > start && value < DIRECT && (bytes[start] !== ZERO || at === start + 1)) {
      if (field !== null) {
        if (rows === field.ids.length) makeRoom(field)
        field.ids[rows] = value
      }
    } else {
      for (; byte !== mark && byte !== NEWLINE; at++, byte = bytes[at] as number)
        if (byte === QUOTE || (byte === RETURN && bytes[at + 1] !== NEWLINE)) return false
      const [first, to] = trimmed(bytes, start, at)
      if (byte === NEWLINE && column === 0 && first === to) {
        // An empty line.
        line += 1
        at += 1
        continue
      }
      if (field !== null) {
        if (rows === field.ids.length) makeRoom(field)
        internTo(field, rows)
        field.ids[rows] = field.interner.intern(bytes, first, to)
        field.interned = rows + 1
      }
    }
    column += 1
    at += 1
    if (byte !== NEWLINE) continue
    line += 1
    if (column !== width)
      throw fault(scan, line, `${column} values for ${width} columns`, 'quote values that hold commas')
    rows += 1
    column = 0
  }
  for (const field of fields) if (field !== null) internTo(field, rows)
  scan.rows = rows
  scan.line = line
  return true
}

/** In the order of rows, so that texts are numbered as they appear. */
function internTo(field: Field, row: number): void {
  field.interner.internNumbers(field.ids, field.interned, row)
  field.interned = row
}

function makeRoom(field: Field): void {
  const before = field.ids
  field.ids = new Int32Array(before.length * 2)
  field.ids.set(before)
}

function trimmed(bytes: Uint8Array, from: number, to: number): readonly [number, number] {
  let first = from
  let last = to
  while (first < last && (bytes[first] as number) <= SPACE) first += 1
  while (last > first && (bytes[last - 1] as number) <= SPACE) last -= 1
  return [first, last]
}
