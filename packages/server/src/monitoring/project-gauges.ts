/** How a project stands, as gauges, read from the database when somebody scrapes: the same from every replica. */
import { ALERT_KINDS } from '@leeway/contract/alerts'
import { sql } from 'drizzle-orm'
import { Gauge, Registry } from 'prom-client'
import { standingAlerts } from '../alerts/standing-alerts.ts'
import type { Executor } from '../db/connect.ts'
import { newestReadings } from '../drift/drift-view.ts'
import { openStandings } from '../releases/release-views.ts'

export async function projectGauges(executor: Executor, projectId: string, now: Date): Promise<Registry> {
  const registry = new Registry()
  await readHolds(executor, projectId, registry, now)
  await readHalt(executor, projectId, registry)
  await readReleases(executor, projectId, registry)
  await readReplicas(executor, registry)
  await readWaiting(executor, projectId, registry)
  await readReadings(executor, projectId, registry)
  await readAlerts(executor, projectId, registry)
  return registry
}

async function readHolds(
  executor: Executor,
  projectId: string,
  registry: Registry,
  now: Date,
): Promise<void> {
  const waiting = new Gauge({
    name: 'leeway_holds_waiting',
    help: 'Answers whose calls wait for a person.',
    labelNames: ['agent'],
    registers: [registry],
  })
  const oldest = new Gauge({
    name: 'leeway_holds_oldest_seconds',
    help: 'How long the one that waits longest has waited.',
    labelNames: ['agent'],
    registers: [registry],
  })
  const found = await executor.execute<{ agent: string; waiting: number; seconds: number }>(sql`
    select agents.name as agent, count(*)::int as waiting, extract(epoch from ${now}::timestamptz - min(asked_at))::float8 as seconds
    from holds join agents on agents.project_id = holds.project_id and agents.id = holds.agent_id
    where holds.project_id = ${projectId} and expires_at > ${now} and not exists (
      select from hold_answers where hold_answers.project_id = holds.project_id and hold_answers.hold_id = holds.id
    ) group by agents.name`)
  for (const row of found.rows) {
    waiting.set({ agent: row.agent }, row.waiting)
    oldest.set({ agent: row.agent }, row.seconds)
  }
}

async function readHalt(executor: Executor, projectId: string, registry: Registry): Promise<void> {
  const halted = new Gauge({
    name: 'leeway_halted',
    help: '1 while all candidates of the project are halted.',
    registers: [registry],
  })
  const found = await executor.execute<{ halted: boolean }>(
    sql`select halted from halts where project_id = ${projectId} order by ledger_seq desc, id desc limit 1`,
  )
  halted.set(found.rows[0]?.halted === true ? 1 : 0)
}

/** Releases that have not ended, with their newest check. */
async function readReleases(executor: Executor, projectId: string, registry: Registry): Promise<void> {
  const labelNames = ['agent', 'candidate', 'release']
  const gauge = (name: string, help: string, more: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames, ...more], registers: [registry] })
  const stage = gauge('leeway_release_stage', 'Number of the stage a release stands on, from 0.', ['stage'])
  const verdict = gauge('leeway_release_verdict', '1 for what the newest check says.', ['verdict'])
  const evidence = gauge('leeway_release_log_e_value', 'Natural log of the evidence, largest so far.', [
    'claim',
  ])
  const threshold = gauge(
    'leeway_release_log_threshold',
    'Natural log of 1/alpha: evidence above it decides.',
    ['claim'],
  )
  const labels = gauge('leeway_release_labels', 'Labels the newest check read.')
  const missing = gauge(
    'leeway_release_labels_missing',
    'Labels that are overdue, read against the claim under test.',
  )
  const severe = gauge('leeway_release_severe_rate_max', 'Upper bound of the rate of severe failures.')
  const checked = gauge('leeway_release_checked_timestamp_seconds', 'When the newest check was recorded.')
  for (const { summary, check } of await openStandings(executor, projectId)) {
    const which = { agent: summary.agent, candidate: summary.candidate.name, release: summary.id }
    stage.set({ ...which, stage: summary.stage }, summary.stageIndex)
    if (check === null) continue
    verdict.set({ ...which, verdict: check.verdict }, 1)
    evidence.set({ ...which, claim: 'promote' }, Math.log(check.eValuePromoteMax))
    evidence.set({ ...which, claim: 'rollback' }, Math.log(check.eValueRollbackMax))
    threshold.set({ ...which, claim: 'promote' }, Math.log(check.threshold))
    threshold.set({ ...which, claim: 'rollback' }, Math.log(check.rollbackThreshold))
    labels.set(which, check.labels)
    missing.set(which, check.missing)
    severe.set(which, check.severe.rateMax)
    checked.set(which, Date.parse(check.at) / 1_000)
  }
}

/** By the database's clock, as they say it themselves. */
async function readReplicas(executor: Executor, registry: Registry): Promise<void> {
  const seen = new Gauge({
    name: 'leeway_gateway_replica_age_seconds',
    help: 'How long ago each process that enforces contracts last said what it enforces.',
    labelNames: ['replica'],
    registers: [registry],
  })
  const found = await executor.execute<{ id: string; age: number }>(
    sql`select id, extract(epoch from now() - seen_at)::float8 as age from gateway_replicas where seen_at > now() - interval '1 hour'`,
  )
  for (const { id, age } of found.rows) seen.set({ replica: id }, age)
}

async function readWaiting(executor: Executor, projectId: string, registry: Registry): Promise<void> {
  const turns = new Gauge({
    name: 'leeway_gateway_turns_unassembled',
    help: 'Turns of conversations that are not an episode yet.',
    registers: [registry],
  })
  const found = await executor.execute<{ turns: number }>(
    sql`select count(*)::int as turns from gateway_texts where project_id = ${projectId}`,
  )
  turns.set(found.rows[0]?.turns ?? 0)
}

/** As the newest reading of each agent says; nothing where it is not known. */
async function readReadings(executor: Executor, projectId: string, registry: Registry): Promise<void> {
  const gauge = (name: string, help: string, labelNames: readonly string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const share = gauge(
    'leeway_drift_unlike_share',
    'Share of the fresh conversations of a week that are unlike anything that was rated: by what was asked, and by what was done.',
    ['agent', 'of'],
  )
  const low = gauge('leeway_drift_unlike_share_low', 'Lower bound of it, 95 % with the upper one.', [
    'agent',
    'of',
  ])
  const rated = gauge('leeway_drift_rated', 'Rated conversations that they were compared with.', ['agent'])
  for (const { agent, asked, done } of await newestReadings(executor, projectId))
    for (const [of, { estimate }] of [['asked', asked] as const, ['done', done] as const]) {
      if (estimate === null) continue
      share.set({ agent, of }, estimate.share)
      low.set({ agent, of }, estimate.low)
      rated.set({ agent }, estimate.rated)
    }
}

async function readAlerts(executor: Executor, projectId: string, registry: Registry): Promise<void> {
  const standing = new Gauge({
    name: 'leeway_alerts_standing',
    help: 'Alerts that began and have not ended.',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const kind of ALERT_KINDS) standing.set({ kind }, 0)
  for (const { kind } of await standingAlerts(executor, projectId)) standing.inc({ kind })
}
