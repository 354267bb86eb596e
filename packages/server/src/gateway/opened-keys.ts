/** Keys of upstreams and servers, opened for whoever sends them. */
import { sealedPlace } from '../accounts/provider-keys.ts'
import { openSealed } from '../accounts/sealing.ts'

type SealedRow = {
  readonly project_id: string
  /** Null where none is sent. */
  readonly key_id: string | null
  /** Null also where it was revoked. */
  readonly sealed: string | null
}

/**
 * The rows whose key can be sent. A key that was revoked takes its row with it: called without one it might answer all the
 * same. So does a key that was sealed with another secret; all others stay.
 */
export function withOpenedKeys<Row extends SealedRow>(
  sealingKey: Uint8Array,
  rows: readonly Row[],
): readonly (Row & { readonly key: string | null })[] {
  return rows.flatMap((row): readonly (Row & { readonly key: string | null })[] => {
    if (row.key_id === null) return [{ ...row, key: null }]
    if (row.sealed === null) return []
    try {
      const key = openSealed(sealingKey, row.sealed, sealedPlace(row.project_id, row.key_id))
      return [{ ...row, key }]
    } catch {
      return []
    }
  })
}
