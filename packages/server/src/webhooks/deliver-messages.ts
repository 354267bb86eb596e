/**
 * Tells webhooks what happened, at least once each: what fails is tried again, later and later, for three days; then the webhook is
 * disabled. One process sends at a time.
 */
import { sql } from 'drizzle-orm'
import { openSealed } from '../accounts/sealing.ts'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { type Event, messageBody, messageId, tellOf } from './compose-message.ts'
import { type Sent, sendMessage } from './send-message.ts'
import { signedHeaders } from './sign-message.ts'
import { webhookDeliveries, webhookEnds } from './tables.ts'

export type Delivering = {
  readonly sealingKey: Uint8Array
  /** Without a slash at the end. */
  readonly pageUrl: string
  /** Whether messages may go to private networks, and without TLS. */
  readonly allowsPrivate: boolean
}

export type Target = { readonly id: string; readonly url: string; readonly shape: string }
type Due = Event & { readonly target: Target; readonly attempt: number }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** From an attempt that failed to the next one, as Standard Webhooks proposes; after the last the webhook is disabled. */
export const RETRY_MS = [
  5_000,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const
/** For how long after a new secret the one before it signs as well. */
export const BOTH_SECRETS_MS = 24 * HOUR
/** Messages of one round, sent side by side. */
const AT_ONCE = 20
/** How long ago something may have happened that nobody was told of yet. */
const DAYS = sql`interval '4 days'`

/** Answers how many messages were sent. Does nothing while another process is at it. */
export async function deliverMessages(effects: Effects, delivering: Delivering): Promise<number> {
  const { now } = effects
  return effects.db.transaction(async (tx) => {
    const locked = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended('webhooks', 0)) as mine`,
    )
    if (locked.rows[0]?.mine !== true) return 0
    await noteExpiredHolds(tx, now())
    const due = await dueMessages(tx, now())
    const sent = await Promise.all(
      due.map(async (one) => ({ one, result: await deliver(tx, effects, delivering, one) })),
    )
    for (const { one, result } of sent) await giveUp(tx, now(), one, result)
    return sent.length
  })
}

/** Sends one message and writes the attempt down. */
export async function deliver(
  tx: Transaction,
  { now, log }: Pick<Effects, 'now' | 'log'>,
  { sealingKey, pageUrl, allowsPrivate }: Delivering,
  { target, attempt, ...event }: Due,
): Promise<Sent> {
  const { projectId, kind, subject } = event
  const sent = await compose()
    .then((message) => sendMessage(target.url, message, allowsPrivate))
    .catch((error: unknown) => {
      // One that cannot be written must not keep the others waiting.
      log.error(
        { err: error, kind, subject, webhook: target.id },
        'a message to a webhook could not be written',
      )
      return { status: null, problem: 'The message could not be written.', tookMs: 0 }
    })
  async function compose() {
    const body = messageBody(event, await tellOf(tx, pageUrl, event), target.shape)
    const secrets = await secretsOf(tx, projectId, target.id, sealingKey, now())
    return { body, headers: signedHeaders({ id: messageId(event), sentAt: now(), body }, secrets) }
  }
  await tx
    .insert(webhookDeliveries)
    .values({ projectId, webhookId: target.id, kind, subject, attempt, at: now(), ...sent })
  return sent
}

/** What a secret is bound to. */
export const secretPlace = (projectId: string, webhookId: string, id: string): string =>
  `${projectId}/webhook/${webhookId}/${id}`

async function secretsOf(
  tx: Transaction,
  projectId: string,
  webhookId: string,
  sealingKey: Uint8Array,
  now: Date,
): Promise<readonly string[]> {
  const found = await tx.execute<{ id: string; sealed: string; replaced_at: string | null }>(sql`
    select id, sealed, lag(created_at) over (order by created_at desc, id desc) as replaced_at from webhook_secrets
    where project_id = ${projectId} and webhook_id = ${webhookId} order by created_at desc, id desc`)
  return found.rows
    .filter(({ replaced_at: at }) => at === null || new Date(at).getTime() + BOTH_SECRETS_MS > now.getTime())
    .map(({ id, sealed }) => openSealed(sealingKey, sealed, secretPlace(projectId, webhookId, id)))
}

/** Nothing happens when a hold runs out, so nothing writes it down but we. */
async function noteExpiredHolds(tx: Transaction, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`
  await tx.execute(sql`
    insert into webhook_events (project_id, kind, subject, at)
    select project_id, 'hold.expired', id::text, expires_at from holds
    where expires_at <= ${at} and expires_at > ${at} - interval '1 day'
      and exists (select 1 from webhooks where webhooks.project_id = holds.project_id)
      and not exists (select 1 from hold_answers
        where hold_answers.project_id = holds.project_id and hold_answers.hold_id = holds.id)
    on conflict do nothing`)
}

async function dueMessages(tx: Transaction, now: Date): Promise<readonly Due[]> {
  const at = sql`${now.toISOString()}::timestamptz`
  const waits = sql.raw(`array[${RETRY_MS.join(',')}]::float8[]`)
  const found = await tx.execute<{
    project_id: string
    kind: string
    subject: string
    at: string
    id: string
    url: string
    shape: string
    attempts: number
  }>(sql`
    select events.project_id, events.kind, events.subject, events.at, hooks.id, url, shape, attempts
    from webhook_events events
    join webhooks hooks on hooks.project_id = events.project_id and events.kind = any(hooks.events)
      and hooks.created_at <= events.at
    cross join lateral (
      select count(*)::int as attempts, max(tried.at) as last, coalesce(bool_or(tried.problem is null), false) as taken
      from webhook_deliveries tried
      where tried.project_id = events.project_id and tried.webhook_id = hooks.id and tried.kind = events.kind
        and tried.subject = events.subject
    ) before
    where events.at > ${at} - ${DAYS} and not taken
      and not exists (select 1 from webhook_ends ends where ends.project_id = hooks.project_id and ends.webhook_id = hooks.id)
      and (attempts = 0 or (attempts <= ${RETRY_MS.length}
        and ${at} >= last + (${waits})[attempts] * interval '1 millisecond'))
    order by attempts, events.at limit ${AT_ONCE}`)
  return found.rows.map((row) => ({
    projectId: row.project_id,
    kind: row.kind,
    subject: row.subject,
    at: new Date(row.at),
    target: { id: row.id, url: row.url, shape: row.shape },
    attempt: row.attempts + 1,
  }))
}

/** 410 says that nobody is there any more. */
const GONE = 410

async function giveUp(
  tx: Transaction,
  at: Date,
  { projectId, target, attempt }: Due,
  { status, problem }: Sent,
): Promise<void> {
  if (problem === null || (status !== GONE && attempt <= RETRY_MS.length)) return
  const reason =
    status === GONE
      ? 'It answered 410: nobody is there any more.'
      : `A message failed ${attempt} times within three days. ${problem}`
  await tx
    .insert(webhookEnds)
    .values({ projectId, webhookId: target.id, kind: 'disabled', reason, actor: 'system:webhooks', at })
    .onConflictDoNothing()
}
