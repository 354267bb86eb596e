/** HTTP of calls that wait for a person. Raters have no way in: to decide about a call is no rating. */
import { z } from '@hono/zod-openapi'
import { AnswerHold, AnswerHolds, HoldList, HoldView } from '@leeway/contract/holds'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { answerHold, answerHolds } from './answer-hold.ts'
import { listHolds, showHold } from './hold-views.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const params = z.object({ hold: z.uuid() })

const listRoute = projectRoute({
  method: 'get',
  path: '/holds',
  scope: 'release',
  summary: 'List the calls that wait for a person, and what was decided lately',
  responses: { 200: json(HoldList, 'Those that wait, the first to run out first.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/holds/{hold}',
  scope: 'release',
  summary: 'Show calls that wait, with all arguments and what led there',
  request: { params },
  responses: { 200: json(HoldView, 'The calls of one response.') },
})
const answerRoute = projectRoute({
  method: 'post',
  path: '/holds/{hold}/answer',
  scope: 'release',
  summary: 'Approve, edit, deny, stop or pass on; people only',
  request: { params, body: { required: true, content: { 'application/json': { schema: AnswerHold } } } },
  responses: { 200: json(HoldView, 'As it is now.') },
})

const answerAllRoute = projectRoute({
  method: 'post',
  path: '/holds/answer',
  scope: 'release',
  summary: 'Approve or deny all calls of one card, or none of them; people only',
  request: { body: { required: true, content: { 'application/json': { schema: AnswerHolds } } } },
  responses: { 200: json(HoldList, 'As the list is now.') },
})

export function holdRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(listRoute, async (c) => c.json(await listHolds(effects, c.var.project.id), 200))
  router.openapi(showRoute, async (c) =>
    c.json(await showHold(effects, c.var.project.id, c.req.valid('param').hold), 200),
  )
  router.openapi(answerAllRoute, async (c) => {
    const { project, principal } = c.var
    await answerHolds(effects, project.id, principal, c.req.valid('json'))
    return c.json(await listHolds(effects, project.id), 200)
  })
  router.openapi(answerRoute, async (c) => {
    const { project, principal } = c.var
    const { hold } = c.req.valid('param')
    await answerHold(effects, project.id, principal, hold, c.req.valid('json'))
    return c.json(await showHold(effects, project.id, hold), 200)
  })
  return router
}
