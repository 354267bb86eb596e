/**
 * Reads units of a watch in the order of their draws, each once, as soon as its label is there: one call into core a unit. It
 * stops at the first that still waits, so that early news cannot jump the queue.
 */
import { type WatchedUnit, watchedPayoff } from '@leeway/core/ladder/watched-payoff'
import { type ChangeDetector, startDetector, watchUnit } from '@leeway/core/sequential/change-detector'
import { and, asc, desc, eq, gt } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { outcomesOfPolicy } from '../releases/gate-units.ts'
import type { ProposedOutcome } from '../releases/proposed-calls.ts'
import type { releases } from '../releases/tables.ts'
import type { WatchRow } from './start-watch.ts'
import { watchAlarms, watchedUnits, watchReadings } from './tables.ts'

type ReleaseRow = typeof releases.$inferSelect
type Reading = typeof watchReadings.$inferInsert

/** Units of one round; the next goes on. */
const UNITS_MAX = 5_000

export async function readWatched(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'newId' | 'ledgerSigner'>,
  release: ReleaseRow,
  watch: WatchRow,
): Promise<void> {
  const { projectId, id: releaseId } = release
  const [last] = await tx
    .select()
    .from(watchReadings)
    .where(and(eq(watchReadings.projectId, projectId), eq(watchReadings.releaseId, releaseId)))
    .orderBy(desc(watchReadings.sequence))
    .limit(1)
  const next = await tx
    .select()
    .from(watchedUnits)
    .where(
      and(
        eq(watchedUnits.projectId, projectId),
        eq(watchedUnits.releaseId, releaseId),
        gt(watchedUnits.sequence, last?.sequence ?? 0),
      ),
    )
    .orderBy(asc(watchedUnits.sequence))
    .limit(UNITS_MAX)
  if (next.length === 0) return
  const outcomes = await outcomesOfPolicy(
    tx,
    release,
    release.candidatePolicyId,
    next.flatMap(({ drawn, unitKey }) => (drawn ? [unitKey] : [])),
  )
  const now = effects.now()
  let detector: ChangeDetector =
    last === undefined || last.alarmed
      ? startDetector()
      : { logParts: last.logParts, units: last.units, logValue: last.logValue }
  const readings: Reading[] = []
  for (const row of next) {
    const unit = watchedUnit(row, outcomes.get(row.unitKey), now)
    if (unit === 'wait') break
    const payoff = watchedPayoff(unit, watch.promisedRate)
    const alarmed = watchUnit(detector, payoff, watch.promisedRate, watch.alpha)
    readings.push({
      projectId,
      releaseId,
      sequence: row.sequence,
      kind: unit.kind,
      failure: unit.kind === 'observed' ? unit.failure : null,
      payoff,
      units: detector.units,
      logParts: [...detector.logParts],
      logValue: detector.logValue,
      alarmed,
      readAt: now,
    })
    if (alarmed) detector = startDetector()
  }
  for (let from = 0; from < readings.length; from += 2_000)
    await tx.insert(watchReadings).values(readings.slice(from, from + 2_000))
  for (const reading of readings) if (reading.alarmed) await recordAlarm(tx, effects, release, watch, reading)
}

function watchedUnit(
  row: typeof watchedUnits.$inferSelect,
  outcome: ProposedOutcome | undefined,
  now: Date,
): WatchedUnit | 'wait' {
  if (!row.drawn) return { kind: 'unsampled' }
  if (outcome !== undefined && outcome.failure !== null)
    return { kind: 'observed', failure: outcome.failure, probability: row.probability }
  return row.labelDueAt <= now || outcome?.basis === 'untold' ? { kind: 'missing' } : 'wait'
}

async function recordAlarm(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'newId' | 'ledgerSigner'>,
  { projectId, id: releaseId, candidatePolicyId }: ReleaseRow,
  { promisedRate, alpha }: WatchRow,
  { sequence, units, logValue }: Reading,
): Promise<void> {
  const at = effects.now()
  const { seq } = await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at,
    actor: 'gate',
    action: 'watch.alarmed',
    body: {
      release: releaseId,
      policy: candidatePolicyId,
      unit: sequence,
      unitsSinceStart: units,
      logValue,
      promisedRate,
      unitsPerFalseAlarm: Math.round(1 / alpha),
    },
  })
  await tx
    .insert(watchAlarms)
    .values({ projectId, id: effects.newId(), releaseId, sequence, ledgerSeq: seq, at })
}
