/** Webhooks: who is told of what happens, signed as Standard Webhooks says. Deciding needs the page. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const WEBHOOK_EVENTS = [
  'hold.opened',
  'hold.expired',
  'release.promoted',
  'release.rolled_back',
  'incident.reported',
  'incident.closed',
  'watch.alarmed',
  'halt.set',
  'halt.lifted',
  'alert.began',
  'alert.ended',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

export const WEBHOOK_SHAPES = ['standard', 'slack'] as const

const DeliveryView = z.object({
  /** Of the message: the same at every attempt. */
  messageId: z.string(),
  event: z.string(),
  attempt: z.number().int(),
  at: z.string(),
  /** Null where nothing answered. */
  status: z.number().int().nullable(),
  /** In one sentence; null where it was taken. */
  problem: z.string().nullable(),
  tookMs: z.number().int(),
})
export type DeliveryView = z.infer<typeof DeliveryView>

export const WebhookView = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  shape: z.enum(WEBHOOK_SHAPES),
  createdAt: z.string(),
  /** Why nothing is sent any more; null while it is. */
  disabled: z.object({ reason: z.string(), at: z.string() }).nullable(),
  /** Newest first, at most ten. */
  deliveries: z.array(DeliveryView),
})
export type WebhookView = z.infer<typeof WebhookView>
export const WebhookList = z.object({ items: z.array(WebhookView) })
export type WebhookList = z.infer<typeof WebhookList>

export const AddWebhook = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  events: z.array(z.enum(WEBHOOK_EVENTS)).min(1).max(WEBHOOK_EVENTS.length),
  shape: z.enum(WEBHOOK_SHAPES).default('standard'),
})
/** `secret` is shown once. */
export const WebhookSecret = z.object({ webhook: WebhookView, secret: z.string() })
export const TestedWebhook = z.object({ delivery: DeliveryView })

const webhooks = '/api/projects/{project}/webhooks'
const webhook = `${webhooks}/{webhook}` as const
export const listWebhooks = endpoint({ method: 'GET', path: webhooks, response: WebhookList })
export const addWebhook = endpoint({
  method: 'POST',
  path: webhooks,
  body: AddWebhook,
  response: WebhookSecret,
})
export const testWebhook = endpoint({
  method: 'POST',
  path: `${webhook}/test`,
  body: z.object({}),
  response: TestedWebhook,
})
/** A new secret; for a day messages carry the signatures of both. */
export const rotateWebhook = endpoint({
  method: 'POST',
  path: `${webhook}/rotate`,
  body: z.object({}),
  response: WebhookSecret,
})
export const removeWebhook = endpoint({
  method: 'POST',
  path: `${webhook}/remove`,
  body: z.object({}),
  response: WebhookList,
})
