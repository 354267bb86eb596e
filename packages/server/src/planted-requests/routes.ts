/**
 * HTTP of planted requests. What people made of them is for admins, and told late; which calls they were is told to nobody. Whoever
 * decides about held calls is told at most that a pause may help.
 */
import { z } from '@hono/zod-openapi'
import { OwnPauseNote } from '@leeway/contract/planted-faults'
import {
  IncidentCalls,
  PlantedRequestReport,
  PlantIncident,
  readApprovalPause as readApprovalPauseEndpoint,
  SetPlantedRequests,
  WriteRequest,
  WrittenRequests,
  withdrawRequest as withdrawRequestEndpoint,
} from '@leeway/contract/planted-requests'
import { actorOf, type Effects, type Principal } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { approvalPause, readApprovalPause } from './approval-pause.ts'
import { incidentCalls } from './incident-calls.ts'
import { requestReport } from './request-report.ts'
import { setPlantedRequestRules } from './rules.ts'
import { plantIncident, withdrawRequest, writeRequest } from './write-request.ts'
import { writtenRequestsOf } from './written-requests.ts'

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
const writtenRoute = projectRoute({
  method: 'get',
  path: '/planted-requests/written',
  scope: 'admin',
  summary: 'The requests that you wrote to be planted among held calls',
  responses: { 200: json(WrittenRequests, 'Yours alone, newest first.') },
})
const writeRoute = projectRoute({
  method: 'post',
  path: '/planted-requests/written',
  scope: 'admin',
  summary: 'Write a request to be planted once among held calls',
  request: body(WriteRequest),
  responses: { 201: json(WrittenRequests, 'Yours, with it.') },
})
const withdrawRoute = projectRoute({
  method: 'post',
  path: '/planted-requests/written/{request}/withdraw',
  scope: 'admin',
  summary: 'Have a request that you wrote planted no more',
  request: { params: z.object({ request: z.uuid() }), ...body(withdrawRequestEndpoint.body) },
  responses: { 200: json(WrittenRequests, 'Yours, without it among those that are kept.') },
})
const incident = z.object({ incident: z.uuid() })
const incidentCallsRoute = projectRoute({
  method: 'get',
  path: '/incidents/{incident}/planted-request',
  scope: 'admin',
  summary: 'The calls of the episode of an incident that could be planted among held calls',
  request: { params: incident },
  responses: { 200: json(IncidentCalls, 'With what keeps each from it.') },
})
const plantIncidentRoute = projectRoute({
  method: 'post',
  path: '/incidents/{incident}/planted-request',
  scope: 'admin',
  summary: 'Have a call of an incident planted once among held calls',
  request: { params: incident, ...body(PlantIncident) },
  responses: { 201: json(WrittenRequests, 'Yours, with it.') },
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

const whoOf = ({
  project,
  principal,
}: {
  readonly project: { readonly id: string }
  readonly principal: Principal
}) => ({ projectId: project.id, actor: actorOf(principal) })

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
  const own = async (who: { readonly projectId: string; readonly actor: string }) =>
    WrittenRequests.parse(await writtenRequestsOf(effects, who))
  router.openapi(writtenRoute, async (c) => c.json(await own(whoOf(c.var)), 200))
  router.openapi(writeRoute, async (c) => {
    await writeRequest(effects, whoOf(c.var), c.req.valid('json'))
    return c.json(await own(whoOf(c.var)), 201)
  })
  router.openapi(withdrawRoute, async (c) => {
    await withdrawRequest(effects, whoOf(c.var), c.req.valid('param').request)
    return c.json(await own(whoOf(c.var)), 200)
  })
  router.openapi(incidentCallsRoute, async (c) => {
    const { incident } = c.req.valid('param')
    const calls = await incidentCalls(effects.db, c.var.project.id, incident, effects.now())
    return c.json(IncidentCalls.parse(calls), 200)
  })
  router.openapi(plantIncidentRoute, async (c) => {
    await plantIncident(effects, whoOf(c.var), c.req.valid('param').incident, c.req.valid('json'))
    return c.json(await own(whoOf(c.var)), 201)
  })
  router.openapi(pauseRoute, async (c) => {
    const who = whoOf(c.var)
    return c.json(OwnPauseNote.parse({ note: await approvalPause(effects.db, who) }), 200)
  })
  router.openapi(readPauseRoute, async (c) => {
    const who = whoOf(c.var)
    await readApprovalPause(effects, who, c.req.valid('param').note)
    return c.json(OwnPauseNote.parse({ note: await approvalPause(effects.db, who) }), 200)
  })
  return router
}
