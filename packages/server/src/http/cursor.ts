/** Opaque page cursors: the sort key of the last row, so that a list goes on where it stopped whatever was added. */
import type { z } from 'zod'
import { AppError } from './app-error.ts'

export type CursorKey = readonly (string | number)[]

export function encodeCursor(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** undefined for the first page. `shape` checks the key, e.g. `z.tuple([z.number().int()])`. Throws AppError. */
export function decodeCursor<Key extends CursorKey>(
  cursor: string | undefined,
  shape: z.ZodType<Key>,
): Key | undefined {
  if (cursor === undefined) return undefined
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (parsed.success) return parsed.data
  } catch {
    // Not JSON: said below.
  }
  throw new AppError(
    'bad_request',
    'The cursor is not one that this list gave.',
    'Send the nextCursor of the page before, unchanged, or none to start again.',
    { field: 'query.cursor' },
  )
}

/** A page of `limit` out of up to `limit + 1` rows, and the cursor that goes on behind its last one. */
export function pageOfRows<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => CursorKey,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown,
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  }
}
