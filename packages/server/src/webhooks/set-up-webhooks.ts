/** Adds, lists, tries, renews and removes webhooks. */
import type { AddWebhook, DeliveryView, WebhookView } from '@leeway/contract/webhooks'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { seal } from '../accounts/sealing.ts'
import type { Executor, Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { messageId } from './compose-message.ts'
import { type Delivering, deliver, secretPlace } from './deliver-messages.ts'
import { refusedUrl } from './send-message.ts'
import { newSecret } from './sign-message.ts'
import { webhookEnds, webhookSecrets, webhooks } from './tables.ts'

const DELIVERIES_MAX = 10
const WEBHOOKS_MAX = 50

type Added = { readonly webhook: WebhookView; readonly secret: string }

/** Throws AppError unprocessable where nothing may be sent to the address. */
export async function addWebhook(
  effects: Effects,
  { sealingKey, allowsPrivate }: Delivering,
  projectId: string,
  actor: string,
  wanted: z.output<typeof AddWebhook>,
): Promise<Added> {
  const refused = refusedUrl(wanted.url, allowsPrivate)
  if (refused !== null)
    throw new AppError('unprocessable', refused, 'Give an https address that anybody can reach.', {
      field: 'body.url',
    })
  const id = effects.newId()
  const secret = await effects.db.transaction(async (tx) => {
    if ((await listWebhooks(tx, projectId)).length >= WEBHOOKS_MAX)
      throw new AppError('conflict', `There are ${WEBHOOKS_MAX} webhooks already.`, 'Remove one first.')
    const createdAt = effects.now()
    const { url, shape } = wanted
    const events = [...new Set(wanted.events)]
    await tx.insert(webhooks).values({ projectId, id, url, events, shape, createdBy: actor, createdAt })
    await record(tx, effects, projectId, actor, 'webhook.added', id)
    return addSecret(tx, effects, sealingKey, projectId, id)
  })
  return { webhook: await webhookOf(effects.db, projectId, id), secret }
}

export async function rotateWebhook(
  effects: Effects,
  { sealingKey }: Delivering,
  projectId: string,
  actor: string,
  id: string,
): Promise<Added> {
  const webhook = await webhookOf(effects.db, projectId, id)
  const secret = await effects.db.transaction(async (tx) => {
    await record(tx, effects, projectId, actor, 'webhook.rotated', id)
    return addSecret(tx, effects, sealingKey, projectId, id)
  })
  return { webhook, secret }
}

/** Its secrets go too. */
export async function removeWebhook(
  effects: Effects,
  projectId: string,
  actor: string,
  id: string,
): Promise<void> {
  await webhookOf(effects.db, projectId, id)
  await effects.db.transaction(async (tx) => {
    await tx
      .insert(webhookEnds)
      .values({ projectId, webhookId: id, kind: 'removed', reason: '', actor, at: effects.now() })
      .onConflictDoNothing()
    await tx
      .delete(webhookSecrets)
      .where(and(eq(webhookSecrets.projectId, projectId), eq(webhookSecrets.webhookId, id)))
    await record(tx, effects, projectId, actor, 'webhook.removed', id)
  })
}

/** Sends a message at once, and answers what came of it. It is not tried again. */
export async function testWebhook(
  effects: Effects,
  delivering: Delivering,
  projectId: string,
  id: string,
): Promise<DeliveryView> {
  const { url, shape } = await webhookOf(effects.db, projectId, id)
  const event = { projectId, kind: 'webhook.test', subject: effects.newId(), at: effects.now() }
  const { status, problem, tookMs } = await deliver(effects, delivering, {
    ...event,
    target: { id, url, shape },
    attempt: 1,
  })
  return {
    messageId: messageId(event),
    event: event.kind,
    attempt: 1,
    at: event.at.toISOString(),
    status,
    problem,
    tookMs,
  }
}

/** Those that were not removed, oldest first. */
export async function listWebhooks(executor: Executor, projectId: string): Promise<readonly WebhookView[]> {
  const ends = await executor.select().from(webhookEnds).where(eq(webhookEnds.projectId, projectId))
  const removed = new Set(ends.filter(({ kind }) => kind === 'removed').map(({ webhookId }) => webhookId))
  const disabled = new Map(ends.filter(({ kind }) => kind === 'disabled').map((end) => [end.webhookId, end]))
  const rows = await executor
    .select()
    .from(webhooks)
    .where(eq(webhooks.projectId, projectId))
    .orderBy(asc(webhooks.createdAt), asc(webhooks.id))
  const deliveries = await newestDeliveries(executor, projectId)
  return rows
    .filter(({ id }) => !removed.has(id))
    .map(({ id, url, events, shape, createdAt }) => {
      const end = disabled.get(id)
      return {
        id,
        url,
        events: events as WebhookView['events'],
        shape: shape as WebhookView['shape'],
        createdAt: createdAt.toISOString(),
        disabled: end === undefined ? null : { reason: end.reason, at: end.at.toISOString() },
        deliveries: deliveries.filter(({ webhookId }) => webhookId === id).map(({ view }) => view),
      }
    })
}

async function webhookOf(executor: Executor, projectId: string, id: string): Promise<WebhookView> {
  const found = (await listWebhooks(executor, projectId)).find((one) => one.id === id)
  if (found === undefined)
    throw new AppError('not_found', 'There is no such webhook in this project.', 'The list shows their ids.')
  return found
}

async function newestDeliveries(
  executor: Executor,
  projectId: string,
): Promise<readonly { readonly webhookId: string; readonly view: DeliveryView }[]> {
  const found = await executor.execute<{
    webhook_id: string
    kind: string
    subject: string
    attempt: number
    status: number | null
    problem: string | null
    took_ms: number
    at: string
  }>(sql`
    select newest.* from webhooks
    cross join lateral (
      select * from webhook_deliveries made
      where made.project_id = webhooks.project_id and made.webhook_id = webhooks.id
      order by made.at desc, attempt desc limit ${DELIVERIES_MAX}
    ) newest where webhooks.project_id = ${projectId}`)
  return found.rows.map((row) => ({
    webhookId: row.webhook_id,
    view: {
      messageId: messageId({ projectId, kind: row.kind, subject: row.subject }),
      event: row.kind,
      attempt: row.attempt,
      at: new Date(row.at).toISOString(),
      status: row.status,
      problem: row.problem,
      tookMs: row.took_ms,
    },
  }))
}

async function addSecret(
  tx: Transaction,
  effects: Effects,
  sealingKey: Uint8Array,
  projectId: string,
  webhookId: string,
): Promise<string> {
  const secret = newSecret(effects.randomBytes)
  const id = effects.newId()
  const sealed = seal(sealingKey, secret, secretPlace(projectId, webhookId, id), effects.randomBytes)
  await tx.insert(webhookSecrets).values({ projectId, webhookId, id, sealed, createdAt: effects.now() })
  return secret
}

async function record(
  tx: Transaction,
  { ledgerSigner, now }: Pick<Effects, 'ledgerSigner' | 'now'>,
  projectId: string,
  actor: string,
  action: string,
  webhook: string,
): Promise<void> {
  await appendLedger(tx, ledgerSigner, { projectId, at: now(), actor, action, body: { webhook } })
}
