/**
 * HTTP of planted requests. What people made of them is for admins, and told late; which calls they were is told to nobody. Whoever
 * decides about held calls is told at most that a pause may help.
 */
import { z } from '@hono/zod-openapi'
import { OwnPauseNote } from '@leeway/contract/planted-faults'
import {
  PlantedRequestReport,
  readApprovalPause as readApprovalPauseEndpoint,
  SetPlantedRequests,
} from '@leeway/contract/planted-requests'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { approvalPause, readApprovalPause } from './approval-pause.ts'
import { requestReport } from './request-report.ts'
import { setPlantedRequestRules } from './rules.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

const reportRoute = projectRoute({
  method: 'get',
  path: '/planted-requests',
  scope: 'admin',
  summary: 'What people made of requests that were planted among held calls',
  responses: { 200: json(PlantedRequestReport, 'By person, without the last hours.') },
})
const setRoute = projectRoute({
  method: 'post',
  path: '/planted-requests',
  scope: 'admin',
  summary: 'Set how often a decision about a held call is followed by a planted request',
  request: body(SetPlantedRequests),
  responses: { 200: json(PlantedRequestReport, 'With the share that holds now.') },
})
const pauseRoute = projectRoute({
  method: 'get',
  path: '/approvals/pause',
  scope: 'release',
  summary: 'Advice to take a pause from held calls, if there is some for you',
  responses: { 200: json(OwnPauseNote, 'Null when there is none.') },
})
const readPauseRoute = projectRoute({
  method: 'post',
  path: '/approvals/pause/{note}/read',
  scope: 'release',
  summary: 'Say that you have read it',
  request: { params: z.object({ note: z.uuid() }), ...body(readApprovalPauseEndpoint.body) },
  responses: { 200: json(OwnPauseNote, 'It does not come again.') },
})

export function plantedRequestRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(reportRoute, async (c) =>
    c.json(PlantedRequestReport.parse(await requestReport(effects, c.var.project.id)), 200),
  )
  router.openapi(setRoute, async (c) => {
    const { project, principal } = c.var
    await setPlantedRequestRules(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(PlantedRequestReport.parse(await requestReport(effects, project.id)), 200)
  })
  router.openapi(pauseRoute, async (c) => {
    const who = { projectId: c.var.project.id, actor: actorOf(c.var.principal) }
    return c.json(OwnPauseNote.parse({ note: await approvalPause(effects.db, who) }), 200)
  })
  router.openapi(readPauseRoute, async (c) => {
    const who = { projectId: c.var.project.id, actor: actorOf(c.var.principal) }
    await readApprovalPause(effects, who, c.req.valid('param').note)
    return c.json(OwnPauseNote.parse({ note: await approvalPause(effects.db, who) }), 200)
  })
  return router
}
