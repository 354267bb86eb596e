/** Tells those who wait as soon as a hold is answered, whichever process the person talked to. */
import { sql } from 'drizzle-orm'
import { type Listener, listenTo } from '../db/listen.ts'
import type { Effects } from '../http/environment.ts'

export type Tellers = {
  /**
   * True when it was answered; false when nobody did within `waitMs`. Not until an hour of the clock: one that is put back would
   * have the agent wait for as long as it was ahead. Rejects when `signal` aborts.
   */
  readonly wait: (holdId: string, waitMs: number, signal: AbortSignal) => Promise<boolean>
  readonly stop: () => Promise<void>
}

/** In case a word was lost. */
const LOOK_EVERY_MS = 1_000

export function holdTellers({ db, log }: Pick<Effects, 'db' | 'log'>): Tellers {
  /** Several may wait for one hold: the same call, made again. */
  const waiting = new Map<string, Set<() => void>>()
  let listener: Listener | null = null
  let listening: Promise<void> | null = null
  let looking: Promise<void> | null = null

  const tell = (holdId: string): void => {
    for (const told of waiting.get(holdId) ?? []) told()
  }
  /** Only while somebody waits: a connection is kept for it. */
  const listen = async (): Promise<void> => {
    if (listener?.hears() === true) return
    const heard = await listenTo(db.$client, 'leeway_holds', tell)
    if (waiting.size === 0) heard.stop()
    else listener = heard
  }
  const deafen = (): void => {
    listener?.stop()
    listener = null
  }
  const look = (): Promise<void> => {
    looking ??= (async () => {
      if (waiting.size === 0) return
      // Where nobody may listen, looking has to do.
      listening ??= listen()
        .catch((error: unknown) => log.warn({ err: error }, 'what people decide is not heard'))
        .finally(() => {
          listening = null
        })
      const found = await db.execute<{ hold_id: string }>(sql`
        select hold_id from hold_answers where hold_id = any(${`{${[...waiting.keys()].join(',')}}`}::uuid[])`)
      for (const { hold_id: holdId } of found.rows) tell(holdId)
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
    async wait(holdId, waitMs, signal) {
      signal.throwIfAborted()
      const others = waiting.get(holdId) ?? new Set()
      waiting.set(holdId, others)
      let told = () => {}
      let left = () => {}
      let overdue: NodeJS.Timeout | undefined
      try {
        return await new Promise<boolean>((done, fail) => {
          told = () => done(true)
          left = () => fail(signal.reason)
          others.add(told)
          signal.addEventListener('abort', left, { once: true })
          overdue = setTimeout(() => done(false), Math.max(0, waitMs))
          // Somebody may have been faster than we.
          void look()
        })
      } finally {
        clearTimeout(overdue)
        signal.removeEventListener('abort', left)
        others.delete(told)
        if (others.size === 0) waiting.delete(holdId)
        if (waiting.size === 0) deafen()
      }
    },
    async stop() {
      clearInterval(timer)
      await looking
      await listening
      deafen()
    },
  }
}
