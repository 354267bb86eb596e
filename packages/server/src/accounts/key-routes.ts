/** HTTP of API keys. The key itself is in one answer only: the one to its making. */
import { ApiKeyPage, CreateApiKey, CreatedApiKey } from '@leeway/contract/accounts'
import { PageQuery } from '@leeway/contract/page'
import { z } from 'zod'
import { AppError } from '../http/app-error.ts'
import { actorOf, type Effects, type Principal, type Scope } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, hasScope, projectRoute } from '../http/feature-router.ts'
import type { AccountServices } from './account-services.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'

const list = projectRoute({
  method: 'get',
  path: '/keys',
  scope: 'admin',
  summary: 'API keys of the project, newest first',
  request: { query: PageQuery },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: ApiKeyPage } } } },
})

const create = projectRoute({
  method: 'post',
  path: '/keys',
  scope: 'admin',
  summary: 'Make an API key; it is shown once',
  request: { body: { required: true, content: { 'application/json': { schema: CreateApiKey } } } },
  responses: { 201: { description: 'The key', content: { 'application/json': { schema: CreatedApiKey } } } },
})

const revoke = projectRoute({
  method: 'delete',
  path: '/keys/{keyId}',
  scope: 'admin',
  summary: 'Revoke an API key, within a second on every server',
  request: { params: z.object({ keyId: z.uuid() }) },
  responses: { 204: { description: 'Revoked' } },
})

export function keyRoutes(effects: Effects, { keyRing }: AccountServices): FeatureRouter {
  const router = featureRouter()
  router.openapi(list, async (c) =>
    c.json(await listApiKeys(effects, c.var.project, c.req.valid('query')), 200),
  )
  router.openapi(create, async (c) => {
    const wanted = c.req.valid('json')
    requireOwnScopes(c.var.principal, wanted.scopes)
    c.set('shownOnce', true)
    return c.json(await createApiKey(effects, c.var.project, actorOf(c.var.principal), wanted), 201)
  })
  router.openapi(revoke, async (c) => {
    await revokeApiKey(effects, c.var.project, actorOf(c.var.principal), c.req.valid('param').keyId)
    keyRing.forget()
    return c.body(null, 204)
  })
  return router
}

/** A key that makes keys must not make a stronger one than itself. */
function requireOwnScopes(principal: Principal, scopes: readonly Scope[]): void {
  const beyond = scopes.filter((scope) => !hasScope(principal, scope))
  if (beyond.length === 0) return
  throw new AppError(
    'forbidden',
    `You do not have ${beyond.join(', ')} yourself, and so cannot give it.`,
    'Ask for fewer scopes.',
    { field: 'body.scopes' },
  )
}
