/**
 * Moves records from this machine's spool into the database: each exactly once, because its id is there only once, whatever
 * was shipped before a crash.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Effects } from '../http/environment.ts'
import { type Spool, syncDirectory } from './spool.ts'
import { elementsOf, TURN_COLUMNS, turnOf } from './turn-line.ts'
import type { TurnRecord } from './turn-record.ts'

export type Shipping = {
  /** Ships what is there now. Rejects when the database cannot be reached. */
  readonly flush: () => Promise<void>
  readonly stop: () => Promise<void>
}

const BATCH_BYTES = 2 << 20
/** What one process served, the others know after this. */
const EVERY_MS = 100
const AWAY_MS = 2_000

export type ShippingOptions = {
  /** Records that the database will not hold are set aside here, one a line, and said in the log. */
  readonly refusedFile: string
  /** Told of turns once the database has them, after a crash perhaps again. Must neither throw nor wait. */
  readonly onShipped?: (turns: readonly TurnRecord[]) => void
}

export function shipSpool(
  effects: Pick<Effects, 'db' | 'now' | 'log'>,
  spool: Spool,
  options: ShippingOptions,
): Shipping {
  const stop = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  /** False: there was nothing. One after the other: the spool gives the same batch until it is told that it was shipped. */
  const shipNext = (): Promise<boolean> => {
    const next = last
      .catch(() => {})
      .then(async () => {
        const batch = spool.unshipped(BATCH_BYTES)
        if (batch === null) return false
        await store(effects, batch.records, options)
        spool.shipped(batch)
        options.onShipped?.(batch.records.map(turnOf))
        return true
      })
    last = next
    return next
  }
  const flush = async (): Promise<void> => {
    for (let shipped = true; shipped; ) shipped = await shipNext()
  }
  let toldDamaged = 0
  const running = (async () => {
    while (!stop.signal.aborted) {
      let waitMs = EVERY_MS
      try {
        await shipNext()
        const { bytes, damagedLines } = spool.waiting()
        // Few large batches: a small one costs both processes nearly as much.
        if (bytes > BATCH_BYTES) waitMs = 0
        if (damagedLines > toldDamaged)
          effects.log.error(
            { damagedLines },
            'records of the gateway were damaged on this disk, and are lost',
          )
        toldDamaged = damagedLines
      } catch (error) {
        effects.log.warn({ err: error, ...spool.waiting() }, 'records of the gateway wait for the database')
        waitMs = AWAY_MS
      }
      await pause(waitMs, undefined, { signal: stop.signal, ref: false }).catch(() => {})
    }
  })()
  return {
    flush,
    async stop() {
      stop.abort()
      await running
      // Best effort: what stays is shipped after the next start.
      await flush().catch(() => {})
    },
  }
}

async function store(
  effects: Pick<Effects, 'db' | 'now' | 'log'>,
  records: readonly string[],
  options: ShippingOptions,
): Promise<void> {
  try {
    await insert(effects, records)
  } catch (error) {
    if (!isOwnFault(error)) throw error
    const [only] = records
    if (records.length === 1 && only !== undefined) {
      const turn = turnOf(only)
      setAside(options.refusedFile, turn)
      effects.log.error(
        { err: error, turn: turn.id, file: options.refusedFile },
        'a record of the gateway was set aside',
      )
      return
    }
    // One bad record must not keep the others waiting for ever.
    const half = records.length >> 1
    await store(effects, records.slice(0, half), options)
    await store(effects, records.slice(half), options)
  }
}

/** On disk before the spool lets go of it. */
function setAside(file: string, turn: TurnRecord): void {
  const open = openSync(file, 'a', 0o600)
  try {
    writeSync(open, `${JSON.stringify(turn)}\n`)
    fsyncSync(open)
  } finally {
    closeSync(open)
  }
  syncDirectory(dirname(file))
}

/** A column of the batch is one parameter of one statement: that costs PostgreSQL least, and this process next to nothing. */
async function insert({ db, now }: Pick<Effects, 'db' | 'now'>, records: readonly string[]): Promise<void> {
  const rows = records.map(elementsOf)
  const columns = TURN_COLUMNS.map((_, at) => `{${rows.map((row) => row[at]).join(',')}}`)
  await db.$client.query(INSERT, [now().toISOString(), ...columns])
}

const NAMES = TURN_COLUMNS.map(([name]) => name)
const COLUMNS = NAMES.filter((name) => name !== 'body').join(', ')
const GIVEN = TURN_COLUMNS.map(([, type], at) => `$${at + 2}::${type}[]`).join(', ')

/** The words of a turn that was there before are not added again: they may have gone into an episode since. */
const INSERT = `
  with given as materialized (
    select * from unnest(${GIVEN}) as turn(${NAMES.join(', ')})
  ), added as (
    insert into gateway_turns (${COLUMNS}, shipped_at) select ${COLUMNS}, $1::timestamptz from given
    on conflict do nothing returning project_id, id, agent_id, usd, ended_at
  ), spent as (
    insert into gateway_spend (project_id, agent_id, day, usd)
    select project_id, agent_id, (ended_at at time zone 'utc')::date, sum(usd) from added where usd > 0 group by 1, 2, 3 order by 1, 2, 3
    on conflict (project_id, agent_id, day) do update set usd = gateway_spend.usd + excluded.usd
  )
  insert into gateway_texts (project_id, turn_id, body)
  select project_id, id, body from given join added using (project_id, id)`

/** Data exception, integrity violation, program limit: not the database's state but the record. */
function isOwnFault(error: unknown): boolean {
  const code = String(
    (error as { cause?: { code?: unknown } }).cause?.code ?? (error as { code?: unknown }).code ?? '',
  )
  return /^(?:22|23|54)/.test(code)
}
