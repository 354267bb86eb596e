/** Tells those who wait as soon as a hold is answered, whichever process the person talked to. */
import { sql } from 'drizzle-orm'
import { type Listener, listenTo } from '../db/listen.ts'
import type { Effects } from '../http/environment.ts'

export type Tellers = {
  /** True when it was answered; false when its time is over. Rejects when `signal` aborts. */
  readonly wait: (holdId: string, expiresAt: Date, signal: AbortSignal) => Promise<boolean>
  readonly stop: () => Promise<void>
}

/** In case a word was lost. */
const LOOK_EVERY_MS = 1_000

export function holdTellers({ db, now, log }: Pick<Effects, 'db' | 'now' | 'log'>): Tellers {
  const waiting = new Map<string, () => void>()
  let listener: Listener | null = null
  let looking: Promise<void> | null = null

  /** Only while somebody waits: a connection is kept for it. */
  const listen = async (): Promise<void> => {
    if (listener?.hears() === true) return
    listener = await listenTo(db.$client, 'leeway_holds', (holdId) => waiting.get(holdId)?.())
  }
  const deafen = (): void => {
    listener?.stop()
    listener = null
  }
  const look = (): Promise<void> => {
    looking ??= (async () => {
      if (waiting.size === 0) return
      await listen()
      const found = await db.execute<{ hold_id: string }>(sql`
        select hold_id from hold_answers where hold_id = any(${`{${[...waiting.keys()].join(',')}}`}::uuid[])`)
      for (const { hold_id: holdId } of found.rows) waiting.get(holdId)?.()
    })()
      .catch((error: unknown) => log.warn({ err: error }, 'whether people have decided could not be read'))
      .finally(() => {
        looking = null
      })
    return looking
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()

  return {
    async wait(holdId, expiresAt, signal) {
      signal.throwIfAborted()
      let overdue: NodeJS.Timeout | undefined
      try {
        return await new Promise<boolean>((done, fail) => {
          waiting.set(holdId, () => done(true))
          signal.addEventListener('abort', () => fail(signal.reason), { once: true })
          overdue = setTimeout(() => done(false), Math.max(0, expiresAt.getTime() - now().getTime()))
          // Somebody may have been faster than we.
          void look()
        })
      } finally {
        clearTimeout(overdue)
        waiting.delete(holdId)
        if (waiting.size === 0) deafen()
      }
    },
    async stop() {
      clearInterval(timer)
      await looking
      deafen()
    },
  }
}
