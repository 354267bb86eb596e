/** HTTP of raters and of known answers. Raters have no way in. */
import { z } from '@hono/zod-openapi'
import { RaterCard, RaterList, RaterSummary, SetConflict, SetGold, SetTier } from '@leeway/contract/raters'
import { createEstimator } from '../estimates/estimator.ts'
import { AppError } from '../http/app-error.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { listRaters, raterSummary, showRater } from './rater-views.ts'
import { setConflict } from './set-conflict.ts'
import { setGold } from './set-gold.ts'
import { setTier } from './set-tier.ts'
import { findRater } from './stored-raters.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const params = z.object({ rater: z.uuid() })

const listRoute = projectRoute({
  method: 'get',
  path: '/raters',
  scope: 'read',
  summary: 'List raters with how good they are',
  responses: { 200: json(RaterList, 'Everybody who answered, people, models and programs.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/raters/{rater}',
  scope: 'read',
  summary: "Show a rater's card",
  request: { params },
  responses: { 200: json(RaterCard, 'What is known of its errors.') },
})
const tierRoute = projectRoute({
  method: 'post',
  path: '/raters/{rater}/tier',
  scope: 'admin',
  summary: 'Trust, distrust or suspend a rater',
  request: { params, ...body(SetTier) },
  responses: { 200: json(RaterSummary, 'The rater as it stands now.') },
})
const conflictRoute = projectRoute({
  method: 'post',
  path: '/raters/{rater}/conflicts',
  scope: 'admin',
  summary: 'Say whose episodes a rater may not judge, or may again',
  request: { params, ...body(SetConflict) },
  responses: { 200: json(RaterCard, 'The rater as it stands now.') },
})
const goldRoute = projectRoute({
  method: 'post',
  path: '/gold',
  scope: 'admin',
  summary: 'Record the known answer to a question on an episode',
  request: body(SetGold),
  responses: {
    200: json(z.object({ part: z.enum(['fit', 'measure']) }), 'Which half of the gold it belongs to.'),
  },
})

export function raterRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  const estimate = createEstimator()
  const { db } = effects
  const requireRater = async (projectId: string, id: string) => {
    const row = await findRater(db, projectId, id)
    if (row !== undefined) return row
    throw new AppError('not_found', 'There is no such rater in this project.', 'List the raters to find it.')
  }
  router.openapi(listRoute, async (c) => c.json(await listRaters(db, estimate, c.var.project.id), 200))
  router.openapi(showRoute, async (c) => {
    const row = await requireRater(c.var.project.id, c.req.valid('param').rater)
    return c.json(await showRater(db, estimate, row, effects.now()), 200)
  })
  router.openapi(tierRoute, async (c) => {
    const row = await setTier(effects, {
      projectId: c.var.project.id,
      raterId: c.req.valid('param').rater,
      ...c.req.valid('json'),
      actor: actorOf(c.var.principal),
    })
    return c.json(await raterSummary(db, estimate, row), 200)
  })
  router.openapi(conflictRoute, async (c) => {
    const row = await setConflict(effects, {
      projectId: c.var.project.id,
      raterId: c.req.valid('param').rater,
      ...c.req.valid('json'),
      actor: actorOf(c.var.principal),
    })
    return c.json(await showRater(db, estimate, row, effects.now()), 200)
  })
  router.openapi(goldRoute, async (c) => {
    const part = await setGold(effects, {
      projectId: c.var.project.id,
      ...c.req.valid('json'),
      actor: actorOf(c.var.principal),
    })
    return c.json({ part }, 200)
  })
  return router
}
