/**
 * Tells webhooks what happened, at least once each: what fails is tried again, later and later, for three days; then the webhook is
 * disabled.
 *
 * Claimed   in a short transaction, so that two processes do not send the same, and not for ever: a process may die.
 * Sent      outside of it, each message for itself: one that fails, or that nobody answers, is nothing to the others.
 * Fairly    a few at a time to each webhook: one that is slow keeps nobody else waiting.
 */
import { sql } from 'drizzle-orm'
import { openSealed } from '../accounts/sealing.ts'
import type { Executor, Transaction } from '../db/connect.ts'
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
/** Messages under way to one webhook. */
const AT_ONCE_EACH = 4
/** Longer than a message may take. */
const CLAIM = sql`interval '1 minute'`
const NOTE_EVERY_MS = 30_000
/** How long ago something may have happened that nobody was told of yet. */
const DAYS = sql`interval '4 days'`

/** Takes what is to be sent now: nobody else takes the same. `noting`: when holds that ran out were noted last. */
export async function claimMessages(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  noting: { lastMs: number } = { lastMs: Number.NEGATIVE_INFINITY },
): Promise<readonly Due[]> {
  const at = now()
  const live = await db.execute(
    sql`select 1 from webhooks where not exists (
      select from webhook_ends ends where ends.project_id = webhooks.project_id and ends.webhook_id = webhooks.id) limit 1`,
  )
  if (live.rows.length === 0) return []
  return db.transaction(async (tx) => {
    const locked = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended('webhooks', 0)) as mine`,
    )
    if (locked.rows[0]?.mine !== true) return []
    if (at.getTime() - noting.lastMs >= NOTE_EVERY_MS) {
      await noteExpiredHolds(tx, at)
      noting.lastMs = at.getTime()
    }
    const due = await dueMessages(tx, at)
    for (const { projectId, target, kind, subject } of due)
      await tx.execute(sql`
        insert into webhook_claims (project_id, webhook_id, kind, subject, until)
        values (${projectId}, ${target.id}, ${kind}, ${subject}, ${at.toISOString()}::timestamptz + ${CLAIM})
        on conflict (project_id, webhook_id, kind, subject) do update set until = excluded.until`)
    return due
  })
}

/** Sends what was claimed, and answers how many messages. Never rejects: what could not be written down is claimed again later. */
export async function sendClaimed(
  effects: Effects,
  delivering: Delivering,
  due: readonly Due[],
): Promise<number> {
  const sent = await Promise.allSettled(due.map((one) => sendOne(effects, delivering, one)))
  for (const one of sent)
    if (one.status === 'rejected')
      effects.log.error({ err: one.reason as unknown }, 'a message to a webhook could not be written down')
  return sent.length
}

async function sendOne(effects: Effects, delivering: Delivering, one: Due): Promise<void> {
  const { projectId, target, kind, subject } = one
  const result = await deliver(effects, delivering, one)
  await giveUp(effects.db, effects.now(), one, result)
  await effects.db.execute(sql`
    delete from webhook_claims where project_id = ${projectId} and webhook_id = ${target.id} and kind = ${kind}
      and subject = ${subject}`)
}

/** Sends one message and writes the attempt down. */
export async function deliver(
  { db, now, log }: Pick<Effects, 'db' | 'now' | 'log'>,
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
    const body = messageBody(event, await tellOf(db, pageUrl, event), target.shape)
    const secrets = await secretsOf(db, projectId, target.id, sealingKey, now())
    return { body, headers: signedHeaders({ id: messageId(event), sentAt: now(), body }, secrets) }
  }
  await db
    .insert(webhookDeliveries)
    .values({ projectId, webhookId: target.id, kind, subject, attempt, at: now(), ...sent })
    // A claim that ran out while the database was away: another process has told it, too.
    .onConflictDoNothing()
  return sent
}

/** What a secret is bound to. */
export const secretPlace = (projectId: string, webhookId: string, id: string): string =>
  `${projectId}/webhook/${webhookId}/${id}`

async function secretsOf(
  executor: Executor,
  projectId: string,
  webhookId: string,
  sealingKey: Uint8Array,
  now: Date,
): Promise<readonly string[]> {
  const found = await executor.execute<{ id: string; sealed: string; replaced_at: string | null }>(sql`
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
    select * from (
    select events.project_id, events.kind, events.subject, events.at, hooks.id, url, shape, attempts, under_way,
      row_number() over (partition by hooks.project_id, hooks.id order by attempts, events.at) as place
    from webhook_events events
    join webhooks hooks on hooks.project_id = events.project_id and events.kind = any(hooks.events)
      and hooks.created_at <= events.at
    cross join lateral (
      select count(*)::int as attempts, max(tried.at) as last, coalesce(bool_or(tried.problem is null), false) as taken
      from webhook_deliveries tried
      where tried.project_id = events.project_id and tried.webhook_id = hooks.id and tried.kind = events.kind
        and tried.subject = events.subject
    ) before
    cross join lateral (
      select count(*) as under_way, coalesce(bool_or(claims.kind = events.kind and claims.subject = events.subject), false) as claimed
      from webhook_claims claims
      where claims.project_id = hooks.project_id and claims.webhook_id = hooks.id and claims.until > ${at}
    ) busy
    where events.at > ${at} - ${DAYS} and not taken and not claimed
      and not exists (select 1 from webhook_ends ends where ends.project_id = hooks.project_id and ends.webhook_id = hooks.id)
      and (attempts = 0 or (attempts <= ${RETRY_MS.length}
        and ${at} >= last + (${waits})[attempts] * interval '1 millisecond'))
    ) waiting where place + under_way <= ${AT_ONCE_EACH}
    order by attempts, at limit ${AT_ONCE}`)
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
  executor: Executor,
  at: Date,
  { projectId, target, attempt }: Due,
  { status, problem }: Sent,
): Promise<void> {
  if (problem === null || (status !== GONE && attempt <= RETRY_MS.length)) return
  const reason =
    status === GONE
      ? 'It answered 410: nobody is there any more.'
      : `A message failed ${attempt} times within three days. ${problem}`
  await executor
    .insert(webhookEnds)
    .values({ projectId, webhookId: target.id, kind: 'disabled', reason, actor: 'system:webhooks', at })
    .onConflictDoNothing()
}
