/** How each agent's conversations differ from its rated ones, as they were read last. */
import type { DriftReadingView, DriftView } from '@leeway/contract/drift'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { driftLimit } from './drift-limit.ts'
import { FALSE_ALARM_RATE } from './read-drift.ts'

export async function driftView(executor: Executor, projectId: string): Promise<DriftView> {
  return {
    shareMax: await driftLimit(executor, projectId),
    falseAlarmRate: FALSE_ALARM_RATE,
    readings: await newestReadings(executor, projectId),
  }
}

export async function newestReadings(executor: Executor, projectId: string): Promise<DriftReadingView[]> {
  const found = await executor.execute<{
    agent: string
    at: string
    since: string
    seed: number
    asked: DriftReadingView['asked']
    done: DriftReadingView['done']
  }>(sql`
    select name as agent, newest.* from agents cross join lateral (
      select at, since, seed, asked, done from drift_readings read
      where read.project_id = agents.project_id and read.agent_id = agents.id order by at desc, id desc limit 1
    ) newest where agents.project_id = ${projectId} order by name`)
  const iso = (at: string) => new Date(at).toISOString()
  return found.rows.map((row) => ({ ...row, at: iso(row.at), since: iso(row.since) }))
}
