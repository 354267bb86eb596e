/** HTTP of provider keys: stored, listed, removed, never answered. */
import { CreateProviderKey, ProviderKey, ProviderKeyPage } from '@leeway/contract/accounts'
import { PageQuery } from '@leeway/contract/page'
import { z } from 'zod'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import type { AccountServices } from './account-services.ts'
import { createProviderKey, listProviderKeys, revokeProviderKey } from './provider-keys.ts'

const list = projectRoute({
  method: 'get',
  path: '/provider-keys',
  scope: 'admin',
  summary: 'Keys of model providers, without the keys',
  request: { query: PageQuery },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: ProviderKeyPage } } } },
})

const create = projectRoute({
  method: 'post',
  path: '/provider-keys',
  scope: 'admin',
  summary: 'Store a key of a model provider, encrypted',
  request: { body: { required: true, content: { 'application/json': { schema: CreateProviderKey } } } },
  responses: { 201: { description: 'Stored', content: { 'application/json': { schema: ProviderKey } } } },
})

const revoke = projectRoute({
  method: 'delete',
  path: '/provider-keys/{keyId}',
  scope: 'admin',
  summary: 'Remove a key of a model provider',
  request: { params: z.object({ keyId: z.uuid() }) },
  responses: { 204: { description: 'Removed' } },
})

export function providerKeyRoutes(effects: Effects, { sealingKey }: AccountServices): FeatureRouter {
  const router = featureRouter()
  router.openapi(list, async (c) =>
    c.json(await listProviderKeys(effects, c.var.project, c.req.valid('query')), 200),
  )
  router.openapi(create, async (c) => {
    const { project, principal } = c.var
    const made = await createProviderKey(
      effects,
      sealingKey,
      project,
      actorOf(principal),
      c.req.valid('json'),
    )
    return c.json(made, 201)
  })
  router.openapi(revoke, async (c) => {
    await revokeProviderKey(effects, c.var.project, actorOf(c.var.principal), c.req.valid('param').keyId)
    return c.body(null, 204)
  })
  return router
}
