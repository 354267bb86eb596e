/** What a watch says, in sentences, with the counts behind them. */
import type { ReleaseWatch, WatchView } from '@leeway/contract/watches'
import { rateInterval } from '@leeway/core/sequential/rate-interval'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { releases } from '../releases/tables.ts'
import { promotedReleases } from './promoted-releases.ts'
import { findWatch, type WatchRow } from './start-watch.ts'

/** Of the interval, both sides together. */
const ALPHA = 0.05
/** Audits at which the interval is to be tightest. */
const AUDITS_BEST = 200

type Counts = {
  units: number
  audited: number
  missing: number
  failures: number
  waiting: number
}
type AlarmRow = {
  id: string
  at: string
  sequence: number
  ledger_seq: string
  failures: number
  audited: number
}

export async function showReleaseWatch(
  executor: Executor,
  release: typeof releases.$inferSelect,
): Promise<ReleaseWatch> {
  const watch = await findWatch(executor, release.projectId, release.id)
  const isPromoted = (await promotedReleases(executor)).some(({ releaseId }) => releaseId === release.id)
  if (watch === undefined)
    return {
      watch: null,
      why: isPromoted
        ? 'The watch begins within a few seconds, unless the check that completed the release holds no rate to promise.'
        : 'Only the policy that completed the newest finished release of its agent is watched.',
    }
  return { watch: await viewOf(executor, release, watch, !isPromoted), why: '' }
}

async function viewOf(
  executor: Executor,
  { projectId, id, candidatePolicyId }: typeof releases.$inferSelect,
  watch: WatchRow,
  hasEnded: boolean,
): Promise<WatchView> {
  const named = await executor.execute<{ name: string }>(
    sql`select name from policies where project_id = ${projectId} and id = ${candidatePolicyId}`,
  )
  const policy = named.rows[0]?.name ?? ''
  const counted = await executor.execute<Counts>(sql`
    select count(*)::int as units, (count(*) filter (where kind = 'observed'))::int as audited,
      (count(*) filter (where kind = 'missing'))::int as missing,
      coalesce(sum(failure), 0)::float8 as failures,
      (select count(*)::int from watched_units where project_id = ${projectId} and release_id = ${id}) - count(*)::int as waiting
    from watch_readings where project_id = ${projectId} and release_id = ${id}`)
  const counts = counted.rows[0] ?? { units: 0, audited: 0, missing: 0, failures: 0, waiting: 0 }
  const { units, audited, missing, failures, waiting } = counts
  const alarms = await alarmsOf(executor, projectId, id)
  const unitsPerFalseAlarm = Math.round(1 / watch.alpha)
  return {
    policy,
    startedAt: watch.startedAt.toISOString(),
    hasEnded,
    promisedRate: watch.promisedRate,
    auditProbability: watch.auditProbability,
    unitsPerFalseAlarm,
    units,
    audited,
    missing,
    waiting,
    failure:
      audited === 0
        ? null
        : {
            estimate: failures / audited,
            ...rateInterval({ hits: failures, trials: audited, alpha: ALPHA, trialsBest: AUDITS_BEST }),
          },
    alarms: alarms.map((alarm) => ({
      id: alarm.id,
      at: new Date(alarm.at).toISOString(),
      unit: alarm.sequence,
      words: alarmWords(policy, watch.promisedRate, alarm),
      ledgerSeq: Number(alarm.ledger_seq),
    })),
    words: `While ${policy} fails at no more than ${percent(watch.promisedRate)}, a false alarm comes once in ${unitsPerFalseAlarm.toLocaleString('en')} units or more, on average. Watched for ever, every detector alarms some day. The interval holds at every look, with probability 95 %.`,
    seedCommitment: watch.seedCommitment,
    seed: hasEnded ? watch.seedHex : null,
  }
}

/** Failures are those since the detector was started: the promotion, or the alarm before. */
async function alarmsOf(
  executor: Executor,
  projectId: string,
  releaseId: string,
): Promise<readonly AlarmRow[]> {
  const found = await executor.execute<AlarmRow>(sql`
    select alarms.id, alarms.at, alarms.sequence, alarms.ledger_seq, read.failures, read.audited from watch_alarms alarms
    join lateral (
      select coalesce(sum(failure), 0)::float8 as failures, (count(*) filter (where kind = 'observed'))::int as audited
      from watch_readings
      where project_id = alarms.project_id and release_id = alarms.release_id and sequence <= alarms.sequence
        and sequence > coalesce((select max(sequence) from watch_alarms earlier where earlier.project_id = alarms.project_id
          and earlier.release_id = alarms.release_id and earlier.sequence < alarms.sequence), 0)
    ) read on true
    where alarms.project_id = ${projectId} and alarms.release_id = ${releaseId}
    order by alarms.sequence desc`)
  return found.rows
}

function alarmWords(policy: string, promised: number, { sequence, failures, audited }: AlarmRow): string {
  return `${policy} fails more often than the ${percent(promised)} it promised: alarm at unit ${sequence}, with ${round(failures)} failures among ${audited} audited. Nothing was rolled back, because its release is over: people decide.`
}

const percent = (rate: number) => `${round(100 * rate)} %`
const round = (value: number) => String(Math.round(10 * value) / 10)
