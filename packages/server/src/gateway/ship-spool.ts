/**
 * Moves records from this machine's spool into the database: each exactly once, because its id is there only once, whatever
 * was shipped before a crash.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Effects } from '../http/environment.ts'
import { type Spool, type SpooledRecord, syncDirectory } from './spool.ts'
import { decisionFacts, type TurnRecord, type TurnText, tokensOf } from './turn-record.ts'

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
  let shipping: Promise<void> | null = null
  /** One at a time: the spool gives the same batch until it is told that it was shipped. */
  const flush = (): Promise<void> => {
    shipping ??= (async () => {
      for (;;) {
        const batch = spool.unshipped(BATCH_BYTES)
        if (batch === null) return
        await store(effects, batch.records, options)
        spool.shipped(batch)
        options.onShipped?.(batch.records as readonly (SpooledRecord & TurnRecord)[])
      }
    })().finally(() => {
      shipping = null
    })
    return shipping
  }
  let toldDamaged = 0
  const running = (async () => {
    while (!stop.signal.aborted) {
      let waitMs = EVERY_MS
      try {
        await flush()
        const { damagedLines } = spool.waiting()
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
  records: readonly SpooledRecord[],
  options: ShippingOptions,
): Promise<void> {
  try {
    await insert(effects, records as readonly (SpooledRecord & TurnRecord)[])
  } catch (error) {
    if (!isOwnFault(error)) throw error
    const [only] = records
    if (records.length === 1 && only !== undefined) {
      setAside(options.refusedFile, only)
      effects.log.error(
        { err: error, turn: only.id, file: options.refusedFile },
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
function setAside(file: string, record: SpooledRecord): void {
  const open = openSync(file, 'a', 0o600)
  try {
    writeSync(open, `${JSON.stringify(record)}\n`)
    fsyncSync(open)
  } finally {
    closeSync(open)
  }
  syncDirectory(dirname(file))
}

/** A batch is one parameter of one statement: building one a value costs the process that serves more than all else here. */
async function insert(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  records: readonly TurnRecord[],
): Promise<void> {
  const shippedAt = now().toISOString()
  const rows = records.map((record) => {
    const { from, messages, rounds } = record
    const text: TurnText = { from, messages, rounds }
    return {
      project_id: record.projectId,
      id: record.id,
      agent_id: record.agentId,
      policy_id: record.policyId,
      role: record.role,
      conversation: record.conversation,
      unit_key: record.unitKey,
      contract_version: record.contractVersion,
      outcome: record.outcome,
      heard: record.heard,
      decisions: decisionFacts(record),
      ...tokensOf(rounds),
      usd: record.usd ?? null,
      started_at: record.startedAt,
      ended_at: record.endedAt,
      body: JSON.stringify(text),
    }
  })
  await db.$client.query(INSERT, [JSON.stringify(rows), shippedAt])
}

const COLUMNS =
  'project_id, id, agent_id, policy_id, role, conversation, unit_key, contract_version, outcome, heard, decisions, input_tokens, output_tokens, usd, started_at, ended_at'

/** The words of a turn that was there before are not added again: they may have gone into an episode since. */
const INSERT = `
  with given as materialized (
    select * from json_to_recordset($1) as row(
      project_id uuid, id uuid, agent_id uuid, policy_id uuid, role text, conversation text, unit_key text, contract_version integer,
      outcome text, heard text, decisions jsonb, input_tokens integer, output_tokens integer, usd double precision, started_at timestamptz, ended_at timestamptz, body text)
  ), added as (
    insert into gateway_turns (${COLUMNS}, shipped_at) select ${COLUMNS}, $2::timestamptz from given
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
