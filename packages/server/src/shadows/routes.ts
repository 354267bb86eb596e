/** HTTP of what a candidate answers beside the baseline. Raters have no way in: it tells whose answer is whose. */
import { z } from '@hono/zod-openapi'
import { ShadowView } from '@leeway/contract/shadows'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { requireRelease } from '../releases/start-release.ts'
import { shadowView } from './shadow-view.ts'

const shadowRoute = projectRoute({
  method: 'get',
  path: '/releases/{release}/shadow',
  scope: 'read',
  summary: 'Show how often the candidate chose what the baseline chose, where it answered beside it',
  request: { params: z.object({ release: z.uuid() }) },
  responses: {
    200: {
      description: 'Counts and agreement, and the newest that differ.',
      content: { 'application/json': { schema: ShadowView } },
    },
  },
})

export function shadowRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(shadowRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    return c.json(await shadowView(effects.db, release), 200)
  })
  return router
}
