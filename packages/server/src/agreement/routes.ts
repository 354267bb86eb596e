/** HTTP of agreement. Raters have no way in: it tells what others answered. */
import { AgreementView } from '@leeway/contract/agreement'
import { createEstimator } from '../estimates/estimator.ts'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { agreementView } from './agreement-view.ts'

const showRoute = projectRoute({
  method: 'get',
  path: '/agreement',
  scope: 'read',
  summary: 'How far raters agree on each question, pair by pair, and what they find hardest',
  responses: {
    200: {
      description: 'Questions that people or models answered.',
      content: { 'application/json': { schema: AgreementView } },
    },
  },
})

export function agreementRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  const estimate = createEstimator()
  router.openapi(showRoute, async (c) =>
    c.json(await agreementView(effects.db, estimate, c.var.project.id), 200),
  )
  return router
}
