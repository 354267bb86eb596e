/** HTTP of drift. Raters have no way in: which conversations are strange would tell them what to look for. */
import type { z } from '@hono/zod-openapi'
import { DriftView, SetDriftLimit } from '@leeway/contract/drift'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { setDriftLimit } from './drift-limit.ts'
import { driftView } from './drift-view.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const showRoute = projectRoute({
  method: 'get',
  path: '/drift',
  scope: 'read',
  summary: "Show how this week's conversations differ from those that were rated",
  responses: { 200: json(DriftView, 'The newest reading of each agent.') },
})
const limitRoute = projectRoute({
  method: 'post',
  path: '/drift/limit',
  scope: 'admin',
  summary: 'Set from which share of unlike conversations on an alert begins',
  request: { body: { required: true, content: { 'application/json': { schema: SetDriftLimit } } } },
  responses: { 200: json(DriftView, 'The limit holds from the next reading on.') },
})

export function driftRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(showRoute, async (c) => c.json(await driftView(effects.db, c.var.project.id), 200))
  router.openapi(limitRoute, async (c) => {
    const { project, principal } = c.var
    await setDriftLimit(effects, project.id, actorOf(principal), c.req.valid('json').shareMax)
    return c.json(await driftView(effects.db, project.id), 200)
  })
  return router
}
