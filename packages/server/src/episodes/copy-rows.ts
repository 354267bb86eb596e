/**
 * Sends rows to PostgreSQL with COPY … FROM STDIN in its binary form: the fastest way in, without quoting.
 *
 * Knows the copy messages of the wire protocol. Knows nothing of the tables. The driver itself has no COPY.
 */
import type pg from 'pg'

/** Fields of one row, each already in PostgreSQL's binary form; null is NULL. */
export type BinaryRow = readonly (Uint8Array | null)[]

type CopyConnection = {
  query: (text: string) => void
  sendCopyFromChunk: (chunk: Uint8Array) => void
  endCopyFrom: () => void
}

const SIGNATURE = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TRAILER = Buffer.from([0xff, 0xff])
/** Rows are sent in pieces of about this size. */
const PIECE_BYTES = 256 * 1024

/**
 * `statement` is `copy t (a, b) from stdin with (format binary)`. Part of the client's transaction, if it has one.
 * Rejects with the server's error; no row is then stored. Held in memory whole: copy in batches.
 */
export function copyRows(
  client: pg.ClientBase,
  statement: string,
  rows: readonly BinaryRow[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    // What the driver calls a Submittable: it gets the connection for itself until the server is ready again.
    const copy = {
      submit(connection: CopyConnection) {
        connection.query(statement)
        return null
      },
      handleCopyInResponse(connection: CopyConnection) {
        for (const piece of pieces(rows)) connection.sendCopyFromChunk(piece)
        connection.endCopyFrom()
      },
      // The driver forgets the statement on an error, so this is the last that is heard of it.
      handleError: reject,
      handleReadyForQuery: () => resolve(),
      handleCommandComplete() {},
      handleRowDescription() {},
      handleDataRow() {},
      handlePortalSuspended() {},
      handleEmptyQuery() {},
    }
    client.query(copy as unknown as pg.Submittable)
  })
}

function* pieces(rows: readonly BinaryRow[]): Generator<Buffer> {
  let parts: Uint8Array[] = [SIGNATURE]
  let bytes = SIGNATURE.length
  for (const row of rows) {
    const count = Buffer.allocUnsafe(2)
    count.writeInt16BE(row.length)
    parts.push(count)
    bytes += 2
    for (const field of row) {
      const length = Buffer.allocUnsafe(4)
      length.writeInt32BE(field === null ? -1 : field.length)
      parts.push(length)
      if (field !== null) parts.push(field)
      bytes += 4 + (field?.length ?? 0)
    }
    if (bytes > PIECE_BYTES) {
      yield Buffer.concat(parts)
      parts = []
      bytes = 0
    }
  }
  parts.push(TRAILER)
  yield Buffer.concat(parts)
}

export function uuidField(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

export function smallintField(value: number): Buffer {
  const field = Buffer.allocUnsafe(2)
  field.writeInt16BE(value)
  return field
}

export function integerField(value: number): Buffer {
  const field = Buffer.allocUnsafe(4)
  field.writeInt32BE(value)
  return field
}
