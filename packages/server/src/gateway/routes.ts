/** HTTP of the gateway's set-up and of the halt. Raters have no way in: who serves what would tell them the arm. */
import type { z } from '@hono/zod-openapi'
import { GatewayView, HaltState, HaltView, SetHalt, SetServing, SetUpstream } from '@leeway/contract/gateway'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { gatewayView, haltState } from './gateway-view.ts'
import { setHalt } from './halt.ts'
import { setServing, setUpstream } from './set-up-gateway.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

const showRoute = projectRoute({
  method: 'get',
  path: '/gateway',
  scope: 'read',
  summary: 'Show what the gateway serves, by which processes, and whether candidates are halted',
  responses: { 200: json(GatewayView, 'The gateway as it is set up.') },
})
const upstreamRoute = projectRoute({
  method: 'post',
  path: '/gateway/upstreams',
  scope: 'admin',
  summary: 'Set where models are called; a name that is there gets the new address',
  request: body(SetUpstream),
  responses: { 200: json(GatewayView, 'The gateway as it is set up.') },
})
const servingRoute = projectRoute({
  method: 'post',
  path: '/gateway/servings',
  scope: 'admin',
  summary: 'Set which model of which upstream serves a policy',
  request: body(SetServing),
  responses: { 200: json(GatewayView, 'The gateway as it is set up.') },
})
const haltStateRoute = projectRoute({
  method: 'get',
  path: '/gateway/halt',
  scope: 'read',
  summary: 'Show whether candidates are halted, and which releases the gateway enforces',
  responses: { 200: json(HaltState, 'Who halted them, since when, and how fast every process knew.') },
})
const haltRoute = projectRoute({
  method: 'post',
  path: '/gateway/halt',
  scope: 'release',
  summary: 'Stop all candidates of the project at once, or let them go on',
  request: body(SetHalt),
  responses: { 200: json(HaltView, 'How long it took until every process knew.') },
})

export function gatewayRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(showRoute, async (c) => c.json(await gatewayView(effects, c.var.project.id), 200))
  router.openapi(upstreamRoute, async (c) => {
    const { project, principal } = c.var
    await setUpstream(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await gatewayView(effects, project.id), 200)
  })
  router.openapi(servingRoute, async (c) => {
    const { project, principal } = c.var
    await setServing(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await gatewayView(effects, project.id), 200)
  })
  router.openapi(haltStateRoute, async (c) => c.json(await haltState(effects.db, c.var.project.id), 200))
  router.openapi(haltRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await setHalt(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })
  return router
}
