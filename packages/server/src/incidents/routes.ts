/** HTTP of incidents. Raters have no way in: that an episode did harm would tell them the answer. */
import { z } from '@hono/zod-openapi'
import {
  CloseIncident,
  IncidentDetail,
  IncidentPage,
  IncidentQuery,
  ReportIncident,
} from '@leeway/contract/incidents'
import { AppError } from '../http/app-error.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, hasScope, projectRoute } from '../http/feature-router.ts'
import { closeIncident } from './close-incident.ts'
import { listIncidents, showIncident } from './incident-views.ts'
import { reportIncident } from './report-incident.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const params = z.object({ incident: z.uuid() })

const listRoute = projectRoute({
  method: 'get',
  path: '/incidents',
  scope: 'read',
  summary: 'List incidents, newest first',
  request: { query: IncidentQuery },
  responses: { 200: json(IncidentPage, 'A page.') },
})
const reportRoute = projectRoute({
  method: 'post',
  path: '/incidents',
  scope: 'release',
  summary: 'Report an episode as an incident; a grave one rolls its candidate back at once',
  request: body(ReportIncident),
  responses: { 201: json(IncidentDetail, 'With what held when the episode ran, frozen.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/incidents/{incident}',
  scope: 'read',
  summary: 'Show an incident with what was frozen',
  request: { params },
  responses: { 200: json(IncidentDetail, 'The incident.') },
})
const closeRoute = projectRoute({
  method: 'post',
  path: '/incidents/{incident}/close',
  scope: 'release',
  summary: 'Close an incident, with a reason',
  request: { params, ...body(CloseIncident) },
  responses: { 200: json(IncidentDetail, 'The incident, closed.') },
})

export function incidentRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(listRoute, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query')
    const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
    const found = await listIncidents(effects.db, c.var.project.id, filter, { limit: limit + 1, before })
    const page = pageOfRows(found, limit, ({ id }) => [id])
    return c.json({ items: [...page.rows], nextCursor: page.nextCursor }, 200)
  })
  router.openapi(reportRoute, async (c) => {
    const { project, principal } = c.var
    const wanted = c.req.valid('json')
    if (wanted.violated !== undefined && !hasScope(principal, 'admin'))
      throw new AppError(
        'forbidden',
        'Only admins record known answers.',
        'Report the incident without "violated"; an admin can add the known answer.',
        { field: 'body.violated' },
      )
    const id = await reportIncident(effects, project.id, actorOf(principal), wanted)
    return c.json(await showIncident(effects.db, project.id, id), 201)
  })
  router.openapi(showRoute, async (c) =>
    c.json(await showIncident(effects.db, c.var.project.id, c.req.valid('param').incident), 200),
  )
  router.openapi(closeRoute, async (c) => {
    const { project, principal } = c.var
    const { incident } = c.req.valid('param')
    await closeIncident(effects, project.id, actorOf(principal), incident, c.req.valid('json').reason)
    return c.json(await showIncident(effects.db, project.id, incident), 200)
  })
  return router
}
