/** Single values of a record, checked: what is wrong is said with file, line and column. */
import { type FileRecord, fault, type RecordFile } from './record-file.ts'

/** The first of `names` that is a column; throws at line 1 when none is. */
export function requireColumn(file: RecordFile, names: readonly string[]): string {
  const found = names.find((name) => file.columns.includes(name))
  if (found === undefined)
    throw fault(
      file,
      1,
      `column "${names[0]}" is missing (found: ${file.columns.join(', ')})`,
      names.length === 1
        ? 'name it in the header'
        : `name it in the header, or one of: ${names.slice(1).join(', ')}`,
    )
  return found
}

/** The value as trimmed text; absent, null and empty are ''. Lists and objects are no text. */
export function textOf(file: RecordFile, record: FileRecord, column: string): string {
  const value = record.values[column]
  if (value === undefined || value === null) return ''
  if (typeof value === 'object')
    throw fault(file, record.line, `${column} is a list or an object`, 'give a single value')
  return String(value).trim()
}

/** Text that must be there. */
export function requireText(file: RecordFile, record: FileRecord, column: string): string {
  const text = textOf(file, record, column)
  if (text === '') throw fault(file, record.line, `${column} is empty`, 'fill it in, or leave the row out')
  return text
}

/** A number in [low, high], or null where the value is empty. */
export function numberOf(
  file: RecordFile,
  record: FileRecord,
  column: string,
  [low, high]: readonly [number, number],
): number | null {
  const text = textOf(file, record, column)
  if (text === '') return null
  const value = Number(text)
  if (!Number.isFinite(value) || value < low || value > high)
    throw fault(file, record.line, `${column} is "${text}"`, `a number from ${low} to ${high}`)
  return value
}
