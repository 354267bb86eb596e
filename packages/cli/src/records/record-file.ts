/**
 * Reads CSV (comma, semicolon or tab) or JSON Lines into records with their line numbers. Which of the two it is, the
 * content says: JSON Lines start with `{`. `-` is standard input. Every mistake names file and line.
 */
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { CommandError } from '../exit-codes.ts'

export type FileRecord = {
  /** Where it stands in the file, from 1 (the last line of a quoted value that spans several). */
  readonly line: number
  /** CSV gives text; JSON Lines whatever stood there. */
  readonly values: Readonly<Record<string, unknown>>
}

export type RecordFile = {
  /** As errors name it. */
  readonly path: string
  readonly columns: readonly string[]
  readonly records: readonly FileRecord[]
}

/** A string holds at most about 5e8 characters; a file near that needs more memory than a file command should take. */
const BYTES_MAX = 400e6

export async function readRecordFile(path: string): Promise<RecordFile> {
  const name = path === '-' ? 'standard input' : path
  const text = await readText(path, name)
  const file = text.trimStart().startsWith('{') ? readJsonLines(name, text) : readCsv(name, text)
  if (file.columns.length === 0)
    throw new CommandError(`${name}: the file is empty`, 'start it with a header line, or give JSON Lines')
  return file
}

/** A mistake at a line of a file, and how to mend it. */
export function fault(
  file: { readonly path: string },
  line: number,
  what: string,
  fix: string,
): CommandError {
  return new CommandError(`${file.path}:${line}: ${what}`, fix)
}

export async function readText(path: string, name: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      bytes += (chunk as Buffer).length
      if (bytes > BYTES_MAX)
        throw new CommandError(`${name}: larger than ${BYTES_MAX / 1e6} MB`, 'give a part of it')
      chunks.push(chunk as Buffer)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    if (error instanceof CommandError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`${name}: ${reason}`, 'give a readable file in UTF-8, or - for standard input')
  }
}

function readCsv(path: string, text: string): RecordFile {
  const header = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = [',', ';', '\t'].find((mark) => header.includes(mark)) ?? ','
  let rows: readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[]
  try {
    rows = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof rows
  } catch (error) {
    throw new CommandError(
      `${path}: ${error instanceof Error ? error.message : String(error)}`,
      'quote values that hold commas, quotes or line breaks',
    )
  }
  const [first, ...rest] = rows
  const columns = first?.record ?? []
  if (new Set(columns).size !== columns.length)
    throw fault({ path }, 1, 'a column stands twice', 'keep one of each')
  return {
    path,
    columns,
    records: rest.map(({ record, info }) => {
      if (record.length !== columns.length)
        throw fault(
          { path },
          info.lines,
          `${record.length} values for ${columns.length} columns`,
          'quote values that hold commas',
        )
      return {
        line: info.lines,
        values: Object.fromEntries(columns.map((column, at) => [column, record[at]])),
      }
    }),
  }
}

function readJsonLines(path: string, text: string): RecordFile {
  const columns = new Set<string>()
  const records = text.split('\n').flatMap((row, at): FileRecord[] => {
    if (row.trim() === '') return []
    let value: unknown
    try {
      value = JSON.parse(row)
    } catch {
      throw fault({ path }, at + 1, 'this line is no JSON', 'write one JSON object in each line')
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw fault({ path }, at + 1, 'this line is no JSON object', 'write one JSON object in each line')
    for (const column of Object.keys(value)) columns.add(column)
    return [{ line: at + 1, values: value as Record<string, unknown> }]
  })
  return { path, columns: [...columns], records }
}
