/**
 * Keeps the bundle current: it is read again as soon as the database tells of a change, and twice a second in case that word
 * was lost: a connection that nobody answers any more does not say so. Every reading is told to the others
 * (`gateway_replicas`), so that a halt can say when it holds everywhere.
 */
import { sql } from 'drizzle-orm'
import { type Listener, listenTo } from '../db/listen.ts'
import type { Effects } from '../http/environment.ts'
import type { Bundle } from './bundle.ts'
import { readBundle } from './read-bundle.ts'

export type FollowedBundle = {
  /** The newest there is; null before the first. May have run out: compare `validUntilMs`. */
  readonly current: () => Bundle | null
  /** Reads it now. Rejects when the database cannot be asked. */
  readonly refresh: () => Promise<void>
  /** Called after every reading. */
  readonly watch: (onReading: () => void) => void
  readonly stop: () => Promise<void>
}

/** A halt holds within a second, also where nobody hears of it. */
const READ_EVERY_MS = 500

export function followBundle(
  effects: Pick<Effects, 'db' | 'log' | 'newId' | 'now'>,
  sealingKey: Uint8Array,
): FollowedBundle {
  const { db, log } = effects
  const replica = effects.newId()
  const startedAt = effects.now()
  let bundle: Bundle | null = null
  let reading: Promise<void> | null = null
  let again = false
  let listener: Listener | null = null
  let listening: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const watchers: (() => void)[] = []

  const readOnce = async (): Promise<void> => {
    bundle = await readBundle(db, sealingKey, bundle?.documents)
    for (const onReading of watchers) onReading()
    await db.execute(sql`
      insert into gateway_replicas (id, started_at, seen_at, snapshot)
      values (${replica}, ${startedAt.toISOString()}::timestamptz, now(), ${bundle.snapshot})
      on conflict (id) do update set seen_at = excluded.seen_at, snapshot = excluded.snapshot`)
  }
  /** One reading at a time; what came during it is read after it. */
  const refresh = (): Promise<void> => {
    if (reading !== null) {
      again = true
      return reading
    }
    reading = (async () => {
      do {
        again = false
        await readOnce()
      } while (again && !stopped)
    })().finally(() => {
      reading = null
    })
    return reading
  }
  /** Beside the reading: where nobody may listen, as behind some poolers of connections, reading has to do. */
  const listen = async (): Promise<void> => {
    if (listener?.hears() === true) return
    const heard = await listenTo(db.$client, 'leeway_gateway', () => {
      refresh().catch(() => {})
    })
    if (stopped) heard.stop()
    else listener = heard
  }
  const beat = async (): Promise<void> => {
    listening ??= listen()
      .catch((error: unknown) => log.warn({ err: error }, 'changes of what gateways enforce are not heard'))
      .finally(() => {
        listening = null
      })
    try {
      await refresh()
    } catch (error) {
      log.warn({ err: error }, 'what gateways enforce could not be read')
    }
    if (stopped) return
    timer = setTimeout(() => {
      beating = beat()
    }, READ_EVERY_MS)
    timer.unref()
  }
  let beating = beat()

  return {
    current: () => bundle,
    refresh,
    watch: (onReading) => {
      watchers.push(onReading)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await beating
      await reading?.catch(() => {})
      await listening
      listener?.stop()
      await db.execute(sql`delete from gateway_replicas where id = ${replica}`).catch(() => {})
    },
  }
}
