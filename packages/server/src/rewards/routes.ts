/** HTTP of rewards and what they rest on. Raters have no way in: both tell what others answered. */
import { z } from '@hono/zod-openapi'
import { EpisodeCoverageView, EpisodeReward } from '@leeway/contract/rewards'
import { createEstimator } from '../estimates/estimator.ts'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { episodeReward } from './episode-reward.ts'
import { stepCoverage } from './step-coverage.ts'

const rewardRoute = projectRoute({
  method: 'get',
  path: '/episodes/{episode}/reward',
  scope: 'read',
  summary: 'Show the reward of an episode and what it is made of',
  request: {
    params: z.object({ episode: z.uuid() }),
    query: z.object({ rubric: z.uuid().optional() }),
  },
  responses: {
    200: {
      description: 'The reward; null while the agent has no rubric.',
      content: { 'application/json': { schema: z.object({ reward: EpisodeReward.nullable() }) } },
    },
  },
})

const coverageRoute = projectRoute({
  method: 'get',
  path: '/episodes/{episode}/coverage',
  scope: 'read',
  summary: 'Show which steps of an episode the answers rest on, and which nothing covers',
  request: {
    params: z.object({ episode: z.uuid() }),
    query: z.object({ rubric: z.uuid().optional() }),
  },
  responses: {
    200: {
      description: 'The coverage; null while the agent has no rubric, and where the text is gone.',
      content: { 'application/json': { schema: z.object({ coverage: EpisodeCoverageView.nullable() }) } },
    },
  },
})

export function rewardRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  const estimate = createEstimator()
  router.openapi(rewardRoute, async (c) => {
    const { episode } = c.req.valid('param')
    const { rubric } = c.req.valid('query')
    return c.json(
      { reward: await episodeReward(effects.db, estimate, c.var.project.id, episode, rubric) },
      200,
    )
  })
  router.openapi(coverageRoute, async (c) => {
    const { episode } = c.req.valid('param')
    const { rubric } = c.req.valid('query')
    return c.json({ coverage: await stepCoverage(effects.db, c.var.project.id, episode, rubric) }, 200)
  })
  return router
}
