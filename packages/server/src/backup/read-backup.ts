/** Reads a backup file line by line, in bounded memory, and checks that it is whole. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import {
  BackupError,
  type BackupHeader,
  type BackupLine,
  readBackupHeader,
  readBackupLine,
} from './backup-format.ts'

/** One row: the largest chunk of an episode in base64, with room. */
const LINE_BYTES_MAX = 400_000_000

export type BackupPart = { readonly kind: 'header'; readonly header: BackupHeader } | BackupLine

/**
 * Yields the header, then each line up to the end, whose SHA-256 and count of rows have then been compared.
 * Throws BackupError for a file that is not there, damaged, cut off, or goes on after its end.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupPart> {
  const hash = createHash('sha256')
  let lineNumber = 0
  let rows = 0
  let ended = false
  for await (const line of linesOf(file)) {
    lineNumber += 1
    const text = line.toString('utf8')
    if (ended)
      throw new BackupError(`Line ${lineNumber} of the backup comes after its end: the file is damaged.`)
    if (lineNumber === 1) {
      yield { kind: 'header', header: readBackupHeader(text) }
    } else {
      const part = readBackupLine(text, lineNumber)
      if (part.kind === 'row') rows += 1
      if (part.kind === 'end') {
        ended = true
        requireWhole(part, rows, hash.copy().digest('hex'))
      }
      yield part
    }
    hash.update(line).update('\n')
  }
  if (lineNumber === 0) throw new BackupError(`${file} is empty; it is no Leeway backup.`)
  if (!ended) throw new BackupError('The backup is cut off: its last line is missing.')
}

function requireWhole(
  end: { readonly rows: number; readonly sha256: string },
  rows: number,
  sha256: string,
): void {
  if (end.rows !== rows)
    throw new BackupError(`The backup has ${rows} rows, but says ${end.rows}: it is damaged.`)
  if (end.sha256 !== sha256)
    throw new BackupError('The SHA-256 of the backup does not fit its content: it was changed.')
}

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const input = createReadStream(file)
  const gunzip = createGunzip()
  input.on('error', (error) => gunzip.destroy(error))
  input.pipe(gunzip)
  let pending: Buffer[] = []
  let pendingBytes = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...pending, chunk.subarray(from, at)])
        pending = []
        pendingBytes = 0
        from = at + 1
      }
      pending.push(chunk.subarray(from))
      pendingBytes += chunk.length - from
      if (pendingBytes > LINE_BYTES_MAX) {
        throw new BackupError(
          `A line of the backup is longer than ${LINE_BYTES_MAX / 1e6} MB: it is no row of Leeway's.`,
        )
      }
    }
    if (pendingBytes > 0) yield Buffer.concat(pending)
  } catch (error) {
    throw explained(error, file)
  } finally {
    input.destroy()
    gunzip.destroy()
  }
}

function explained(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new BackupError(`There is no file ${file}.`)
  if (code === 'Z_BUF_ERROR')
    return new BackupError(`${file} is cut off: its compressed content ends too early.`)
  if (code?.startsWith('Z_')) return new BackupError(`${file} is not a gzip file, or damaged: ${message}.`)
  if (code === 'EISDIR' || code === 'EACCES') return new BackupError(`${file} cannot be read: ${message}.`)
  return error
}
