/**
 * Leeway's backup format, version 1: gzip of JSON lines.
 *
 *     {"format":"leeway-backup","version":1,"createdAt":…,"schema":[{"name":"0000_first","sha256":…},…]}
 *     {"table":"projects","columns":["id",…]}
 *     ["0192…","default",…]                 one row; every value as PostgreSQL writes it, bytes in base64, or null
 *     {"table":"projects","rows":1}         its count
 *     …
 *     {"end":true,"rows":1234,"sha256":…}   SHA-256 of every byte before this line, uncompressed
 */
import { z } from 'zod'

export const BACKUP_FORMAT = 'leeway-backup'
export const BACKUP_VERSION = 1

/** Short-lived, and a session is a secret: after a restore people sign in again. */
export const NOT_BACKED_UP: readonly string[] = [
  'leeway_migrations',
  'sessions',
  'verifications',
  'idempotency_keys',
]

/** A backup that cannot be written or read; nothing was changed. `message` is one line. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}

export type BackupHeader = z.infer<typeof BackupHeader>
export type BackupLine =
  | { readonly kind: 'table'; readonly table: string; readonly columns: readonly string[] }
  | { readonly kind: 'row'; readonly values: readonly (string | null)[]; readonly bytes: number }
  | { readonly kind: 'count'; readonly table: string; readonly rows: number }
  | { readonly kind: 'end'; readonly rows: number; readonly sha256: string }

export const BackupHeader = z.object({
  format: z.literal(BACKUP_FORMAT),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  schema: z.array(z.object({ name: z.string(), sha256: z.string() })).min(1),
})

const Row = z.array(z.union([z.string(), z.null()]))
const Table = z.object({ table: z.string(), columns: z.array(z.string()) })
const Count = z.object({ table: z.string(), rows: z.number().int().nonnegative() })
const End = z.object({ end: z.literal(true), rows: z.number().int().nonnegative(), sha256: z.string() })

/** Throws BackupError with the line's number for anything else than the lines above. */
export function readBackupLine(text: string, lineNumber: number): BackupLine {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BackupError(`Line ${lineNumber} of the backup is not JSON: the file is damaged.`)
  }
  const row = Row.safeParse(value)
  if (row.success) return { kind: 'row', values: row.data, bytes: text.length }
  const table = Table.safeParse(value)
  if (table.success) return { kind: 'table', ...table.data }
  const count = Count.safeParse(value)
  if (count.success) return { kind: 'count', ...count.data }
  const end = End.safeParse(value)
  if (end.success) return { kind: 'end', rows: end.data.rows, sha256: end.data.sha256 }
  throw new BackupError(`Line ${lineNumber} of the backup is none that Leeway writes: the file is damaged.`)
}

export function readBackupHeader(text: string): BackupHeader {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BackupError('This is no Leeway backup: its first line is not JSON.')
  }
  const header = BackupHeader.safeParse(value)
  if (!header.success) {
    throw new BackupError('This is no Leeway backup: its first line is not the header of one.')
  }
  if (header.data.version > BACKUP_VERSION) {
    throw new BackupError(
      `This backup has format version ${header.data.version}; this Leeway reads up to ${BACKUP_VERSION}. Restore it with a newer Leeway.`,
    )
  }
  return header.data
}
