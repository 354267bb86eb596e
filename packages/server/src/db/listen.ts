/** Hears what the database tells (LISTEN), on a connection of its own out of the pool. */
import type pg from 'pg'

export type Listener = {
  /** False once the connection is lost: listen anew. */
  readonly hears: () => boolean
  readonly stop: () => void
}

/** Rejects when the database cannot be asked. The connection goes back, ended, however it ends. */
export async function listenTo(
  pool: pg.Pool,
  channel: 'leeway_gateway' | 'leeway_holds',
  onNotice: (payload: string) => void,
): Promise<Listener> {
  const client = await pool.connect()
  let open = true
  const end = () => {
    if (!open) return
    open = false
    client.removeAllListeners('notification')
    // Kept by the pool, a lost connection would take a place for ever.
    client.release(true)
  }
  client.on('error', end)
  client.on('end', end)
  client.on('notification', ({ payload }) => onNotice(payload ?? ''))
  try {
    await client.query(`listen ${channel}`)
  } catch (error) {
    end()
    throw error
  }
  return { hears: () => open, stop: end }
}
