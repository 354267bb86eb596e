/** HTTP of critiques. A rater has a way to those alone that it was shown. */
import { z } from '@hono/zod-openapi'
import {
  CritiqueReport,
  CritiqueView,
  MarkClaim,
  PlantClaim,
  SetCritiqueRules,
} from '@leeway/contract/critiques'
import { raterOf } from '../assignments/rater-of.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { critiqueReport } from './critique-report.ts'
import { setCritiqueRules } from './critique-rules.ts'
import { plantClaim } from './plant-claim.ts'
import { markClaim } from './reveal.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

const reportRoute = projectRoute({
  method: 'get',
  path: '/critiques',
  scope: 'read',
  summary: 'What critiques did to answers',
  responses: { 200: json(CritiqueReport, 'Both arms, and what raters said of the claims.') },
})
const rulesRoute = projectRoute({
  method: 'post',
  path: '/critiques',
  scope: 'admin',
  summary: 'Set after which share of answers a critique is shown',
  request: body(SetCritiqueRules),
  responses: { 200: json(CritiqueReport, 'As it stands now.') },
})
const plantRoute = projectRoute({
  method: 'post',
  path: '/critiques/planted',
  scope: 'admin',
  summary: 'Plant a false claim among those that raters are shown',
  request: body(PlantClaim),
  responses: { 200: json(z.object({ id: z.string() }), 'Planted.') },
})
const markRoute = projectRoute({
  method: 'post',
  path: '/review/{assignment}/critique',
  scope: 'rate',
  summary: 'Say of a claim that it holds, does not, or was seen before',
  request: { params: z.object({ assignment: z.uuid() }), ...body(MarkClaim) },
  responses: { 200: json(CritiqueView, 'The critique as you were shown it.') },
})

export function critiqueRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(reportRoute, async (c) => c.json(await critiqueReport(effects.db, c.var.project.id), 200))
  router.openapi(rulesRoute, async (c) => {
    const { project, principal } = c.var
    await setCritiqueRules(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await critiqueReport(effects.db, project.id), 200)
  })
  router.openapi(plantRoute, async (c) => {
    const { project, principal } = c.var
    return c.json({ id: await plantClaim(effects, project.id, actorOf(principal), c.req.valid('json')) }, 200)
  })
  router.openapi(markRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const { assignment } = c.req.valid('param')
    return c.json(CritiqueView.parse(await markClaim(effects, rater, assignment, c.req.valid('json'))), 200)
  })
  return router
}
