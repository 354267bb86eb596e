/** HTTP of the watch of a promoted policy. Raters have no way in: what was drawn for audit would tell. */
import { z } from '@hono/zod-openapi'
import { ReleaseWatch } from '@leeway/contract/watches'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { requireRelease } from '../releases/start-release.ts'
import { showReleaseWatch } from './watch-view.ts'

const showRoute = projectRoute({
  method: 'get',
  path: '/releases/{release}/watch',
  scope: 'read',
  summary: 'Show whether a policy keeps, after its promotion, what its release promised',
  request: { params: z.object({ release: z.uuid() }) },
  responses: {
    200: { description: 'The watch.', content: { 'application/json': { schema: ReleaseWatch } } },
  },
})

export function watchRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(showRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    return c.json(await showReleaseWatch(effects.db, release), 200)
  })
  return router
}
