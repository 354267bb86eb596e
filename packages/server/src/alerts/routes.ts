/** HTTP of alerts. Raters have no way in: they name policies and stages. */
import { AlertList } from '@leeway/contract/alerts'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { standingAlerts } from './standing-alerts.ts'

const listRoute = projectRoute({
  method: 'get',
  path: '/alerts',
  scope: 'read',
  summary: 'List what whoever is on call should know now',
  responses: {
    200: { description: 'Oldest first.', content: { 'application/json': { schema: AlertList } } },
  },
})

export function alertRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(listRoute, async (c) => {
    const standing = await standingAlerts(effects.db, c.var.project.id)
    return c.json({ items: standing.map(({ place: _, ...alert }) => alert) }, 200)
  })
  return router
}
