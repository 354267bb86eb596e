/**
 * What a message says: which agent, tools and stakes, and where the page is. Never arguments or words of a conversation: a message
 * leaves the house, and deciding needs the page.
 */
import { createHash } from 'node:crypto'
import type { Json } from '@leeway/core/episodes/episode'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export type EventKey = { readonly projectId: string; readonly kind: string; readonly subject: string }
export type Event = EventKey & { readonly at: Date }
export type Told = { readonly data: Readonly<Record<string, Json>>; readonly sentence: string }

/** The same at every attempt, and for every webhook of the project. */
export function messageId({ projectId, kind, subject }: EventKey): string {
  return `msg_${createHash('sha256').update(`${projectId} ${kind} ${subject}`).digest('hex').slice(0, 32)}`
}

export function messageBody(event: Event, { data, sentence }: Told, shape: string): string {
  return JSON.stringify(
    shape === 'slack'
      ? { text: `${slackText(sentence)}\n<${String(data.url)}>` }
      : { type: event.kind, timestamp: event.at.toISOString(), data: { ...data, sentence } },
  )
}

/** Models name tools, and people write reasons: neither may mention everybody or draw a link. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const WORDS_MAX = 300
const bounded = (text: string) => (text.length <= WORDS_MAX ? text : `${text.slice(0, WORDS_MAX)}…`)

/** `pageUrl`: without a slash at the end. */
export async function tellOf(executor: Executor, pageUrl: string, event: EventKey): Promise<Told> {
  const found = await executor.execute<{ slug: string }>(
    sql`select slug from projects where id = ${event.projectId}`,
  )
  const project = `${pageUrl}/p/${encodeURIComponent(found.rows[0]?.slug ?? '')}`
  const [subject] = event.kind.split('.')
  if (subject === 'hold') return tellOfHold(executor, project, event)
  if (subject === 'release') return tellOfRelease(executor, project, event)
  if (subject === 'incident') return tellOfIncident(executor, project, event)
  if (subject === 'watch') return tellOfAlarm(executor, project, event)
  if (subject === 'halt') return tellOfHalt(executor, project, event)
  if (subject === 'alert') return tellOfAlert(executor, project, event)
  return { data: { url: project }, sentence: 'This is a test from Leeway. Nothing has happened.' }
}

async function tellOfHold(executor: Executor, project: string, event: EventKey): Promise<Told> {
  const found = await executor.execute<{
    agent: string
    tools: string[]
    stakes: string
    expires_at: string
  }>(sql`
    select agents.name as agent, tools, stakes, expires_at from holds
    join agents on agents.project_id = holds.project_id and agents.id = holds.agent_id
    where holds.project_id = ${event.projectId} and holds.id = ${event.subject}`)
  const [row] = found.rows
  if (row === undefined) throw new Error(`an event of a hold that is not there: ${event.subject}`)
  const { agent, tools, stakes } = row
  const expiresAt = new Date(row.expires_at).toISOString()
  const calls = bounded(`${agent}: ${tools.join(', ')} (${stakes})`)
  return {
    data: {
      hold: event.subject,
      agent,
      tools: tools.map(bounded),
      stakes,
      expiresAt,
      url: `${project}/holds`,
    },
    sentence:
      event.kind === 'hold.opened'
        ? `A call waits for a person until ${expiresAt}. ${calls}`
        : `Nobody decided about a call in time, so it was not carried out. ${calls}`,
  }
}

async function tellOfRelease(executor: Executor, project: string, event: EventKey): Promise<Told> {
  const [release = '', ordinal = ''] = event.subject.split(':')
  const found = await executor.execute<{
    agent: string
    candidate: string
    from_stage: string | null
    to_stage: string | null
    reason: string
  }>(sql`
    select agents.name as agent, policies.name as candidate, from_stage, to_stage, reason from decisions
    join releases on releases.project_id = decisions.project_id and releases.id = decisions.release_id
    join agents on agents.project_id = releases.project_id and agents.id = releases.agent_id
    join policies on policies.project_id = releases.project_id and policies.id = releases.candidate_policy_id
    where decisions.project_id = ${event.projectId} and release_id = ${release} and decisions.ordinal = ${Number(ordinal)}`)
  const [row] = found.rows
  if (row === undefined) throw new Error(`an event of a decision that is not there: ${event.subject}`)
  const { agent, candidate, from_stage: fromStage, to_stage: toStage } = row
  const reason = bounded(row.reason)
  return {
    data: { release, agent, candidate, fromStage, toStage, reason, url: `${project}/releases/${release}` },
    sentence: bounded(
      event.kind === 'release.rolled_back'
        ? `${candidate} of ${agent} was rolled back. ${reason}`
        : `${candidate} of ${agent} ${toStage === null ? 'completed its release' : `was promoted to ${toStage}`}. ${reason}`,
    ),
  }
}

async function tellOfIncident(executor: Executor, project: string, event: EventKey): Promise<Told> {
  const found = await executor.execute<{
    agent: string
    policy: string
    severity: string
    rolled_back: boolean
  }>(sql`
    select agents.name as agent, policies.name as policy, severity, rollback_ordinal is not null as rolled_back from incidents
    join agents on agents.project_id = incidents.project_id and agents.id = incidents.agent_id
    join policies on policies.project_id = incidents.project_id and policies.id = incidents.policy_id
    where incidents.project_id = ${event.projectId} and incidents.id = ${event.subject}`)
  const [row] = found.rows
  if (row === undefined) throw new Error(`an event of an incident that is not there: ${event.subject}`)
  const { agent, policy, severity, rolled_back: rolledBack } = row
  const url = `${project}/incidents/${event.subject}`
  const named = `${policy} of ${agent}`
  return {
    data: { incident: event.subject, agent, policy, severity, rolledBack, url },
    sentence: bounded(
      event.kind === 'incident.closed'
        ? `The ${severity} incident of ${named} was closed.`
        : `A ${severity} incident of ${named} was reported.${rolledBack ? ' It was rolled back.' : ''}`,
    ),
  }
}

async function tellOfAlarm(executor: Executor, project: string, event: EventKey): Promise<Told> {
  const found = await executor.execute<{
    agent: string
    policy: string
    release: string
    promised: number
  }>(sql`
    select agents.name as agent, policies.name as policy, alarms.release_id as release, promised_rate as promised
    from watch_alarms alarms
    join watches on watches.project_id = alarms.project_id and watches.release_id = alarms.release_id
    join releases on releases.project_id = alarms.project_id and releases.id = alarms.release_id
    join agents on agents.project_id = releases.project_id and agents.id = releases.agent_id
    join policies on policies.project_id = releases.project_id and policies.id = releases.candidate_policy_id
    where alarms.project_id = ${event.projectId} and alarms.id = ${event.subject}`)
  const [row] = found.rows
  if (row === undefined) throw new Error(`an event of an alarm that is not there: ${event.subject}`)
  const { agent, policy, release, promised } = row
  const rate = `${Math.round(1_000 * promised) / 10} %`
  return {
    data: { release, agent, policy, promisedRate: promised, url: `${project}/releases/${release}` },
    sentence: bounded(
      `${policy} of ${agent} fails more often than the ${rate} it promised. Nothing was rolled back: people decide.`,
    ),
  }
}

async function tellOfHalt(executor: Executor, project: string, event: EventKey): Promise<Told> {
  const found = await executor.execute<{ reason: string }>(sql`
    select reason from halts where project_id = ${event.projectId} and id = ${event.subject}`)
  const reason = bounded(found.rows[0]?.reason ?? '')
  return {
    data: { reason, url: `${project}/holds` },
    sentence: `${event.kind === 'halt.set' ? 'All candidates were halted' : 'Candidates may go on'}. ${reason}`,
  }
}

async function tellOfAlert(executor: Executor, project: string, event: EventKey): Promise<Told> {
  const found = await executor.execute<{ kind: string; sentence: string }>(sql`
    select kind, sentence from alerts where project_id = ${event.projectId} and id = ${event.subject}`)
  const [row] = found.rows
  if (row === undefined) throw new Error(`an event of an alert that is not there: ${event.subject}`)
  const sentence = bounded(row.sentence)
  return {
    data: { alert: event.subject, kind: row.kind, url: `${project}/gateway` },
    sentence: event.kind === 'alert.began' ? sentence : `This is over: ${sentence}`,
  }
}
