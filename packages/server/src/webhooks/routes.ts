/** HTTP of webhooks. Admins only: an address and what is sent there are nobody else's business. */
import { z } from '@hono/zod-openapi'
import { AddWebhook, TestedWebhook, WebhookList, WebhookSecret } from '@leeway/contract/webhooks'
import type { Context } from 'hono'
import type { AccountServices } from '../accounts/account-services.ts'
import { actorOf, type Effects, type ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { addWebhook, listWebhooks, removeWebhook, rotateWebhook, testWebhook } from './set-up-webhooks.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const params = z.object({ webhook: z.uuid() })

const listRoute = projectRoute({
  method: 'get',
  path: '/webhooks',
  scope: 'admin',
  summary: 'List webhooks with what was sent lately',
  responses: { 200: json(WebhookList, 'Oldest first.') },
})
const addRoute = projectRoute({
  method: 'post',
  path: '/webhooks',
  scope: 'admin',
  summary: 'Add a webhook; its secret is shown once',
  request: { body: { required: true, content: { 'application/json': { schema: AddWebhook } } } },
  responses: { 201: json(WebhookSecret, 'The webhook, and what its messages are signed with.') },
})
const testRoute = projectRoute({
  method: 'post',
  path: '/webhooks/{webhook}/test',
  scope: 'admin',
  summary: 'Send a test message at once',
  request: { params },
  responses: { 200: json(TestedWebhook, 'What came of it.') },
})
const rotateRoute = projectRoute({
  method: 'post',
  path: '/webhooks/{webhook}/rotate',
  scope: 'admin',
  summary: 'Make a new secret; for a day messages are signed with both',
  request: { params },
  responses: { 200: json(WebhookSecret, 'The new secret, shown once.') },
})
const removeRoute = projectRoute({
  method: 'post',
  path: '/webhooks/{webhook}/remove',
  scope: 'admin',
  summary: 'Remove a webhook and its secrets',
  request: { params },
  responses: { 200: json(WebhookList, 'Those that are left.') },
})

export function webhookRoutes(effects: Effects, accounts: AccountServices): FeatureRouter {
  const router = featureRouter()
  const delivering = (c: Context<ProjectEnv>) => ({
    sealingKey: accounts.sealingKey,
    allowsPrivate: accounts.webhooksPrivate,
    pageUrl: accounts.pageUrl(c),
  })
  router.openapi(listRoute, async (c) =>
    c.json({ items: [...(await listWebhooks(effects.db, c.var.project.id))] }, 200),
  )
  router.openapi(addRoute, async (c) => {
    const { project, principal } = c.var
    c.set('shownOnce', true)
    const added = await addWebhook(
      effects,
      delivering(c),
      project.id,
      actorOf(principal),
      c.req.valid('json'),
    )
    return c.json(added, 201)
  })
  router.openapi(testRoute, async (c) => {
    const { webhook } = c.req.valid('param')
    return c.json({ delivery: await testWebhook(effects, delivering(c), c.var.project.id, webhook) }, 200)
  })
  router.openapi(rotateRoute, async (c) => {
    const { project, principal } = c.var
    const { webhook } = c.req.valid('param')
    c.set('shownOnce', true)
    return c.json(await rotateWebhook(effects, delivering(c), project.id, actorOf(principal), webhook), 200)
  })
  router.openapi(removeRoute, async (c) => {
    const { project, principal } = c.var
    await removeWebhook(effects, project.id, actorOf(principal), c.req.valid('param').webhook)
    return c.json({ items: [...(await listWebhooks(effects.db, project.id))] }, 200)
  })
  return router
}
