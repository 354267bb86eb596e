/**
 * HTTP of planted faults. For admins alone: which episodes are copies is told to nobody else. Raters are told at most that a pause
 * may help.
 */
import { z } from '@hono/zod-openapi'
import {
  FaultsPlanted,
  OwnPauseNote,
  PlantedChange,
  PlantedFault,
  PlantedReport,
  PlantFaults,
  ReviewPlanted,
  readPauseNote as readPauseNoteEndpoint,
} from '@leeway/contract/planted-faults'
import { raterOf } from '../assignments/rater-of.ts'
import { AppError } from '../http/app-error.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { pauseNote, readPauseNote } from './pause-note.ts'
import { plantFaults } from './plant-faults.ts'
import { plantedChange } from './planted-list.ts'
import { plantedReport } from './planted-report.ts'
import { requirePlanted, reviewPlanted } from './review-planted.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const PlantedParams = z.object({ planted: z.uuid() })

const reportRoute = projectRoute({
  method: 'get',
  path: '/planted-faults',
  scope: 'admin',
  summary: 'What raters made of planted faults',
  responses: { 200: json(PlantedReport, 'Every copy, and what was caught by operator and by rater.') },
})
const plantRoute = projectRoute({
  method: 'post',
  path: '/planted-faults',
  scope: 'admin',
  summary: 'Put one fault into copies of episodes',
  request: body(PlantFaults),
  responses: { 200: json(FaultsPlanted, 'Shown to nobody until each was accepted.') },
})
const changeRoute = projectRoute({
  method: 'get',
  path: '/planted-faults/{planted}',
  scope: 'admin',
  summary: 'What a copy has other than its original',
  request: { params: PlantedParams },
  responses: { 200: json(PlantedChange, 'The steps that differ.') },
})
const reviewRoute = projectRoute({
  method: 'post',
  path: '/planted-faults/{planted}/review',
  scope: 'admin',
  summary: 'Say whether the planted fault is one',
  request: { params: PlantedParams, ...body(ReviewPlanted) },
  responses: { 200: json(PlantedFault, 'As it stands now.') },
})

const pauseRoute = projectRoute({
  method: 'get',
  path: '/review/pause',
  scope: 'rate',
  summary: 'Advice to take a pause, if there is some for you',
  responses: { 200: json(OwnPauseNote, 'Null when there is none.') },
})
const readPauseRoute = projectRoute({
  method: 'post',
  path: '/review/pause/{note}/read',
  scope: 'rate',
  summary: 'Say that you have read it',
  request: { params: z.object({ note: z.uuid() }), ...body(readPauseNoteEndpoint.body) },
  responses: { 200: json(OwnPauseNote, 'It does not come again.') },
})

export function plantedFaultRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(reportRoute, async (c) =>
    c.json(PlantedReport.parse(await plantedReport(effects.db, c.var.project.id)), 200),
  )
  router.openapi(plantRoute, async (c) => {
    const { project, principal } = c.var
    const done = await plantFaults(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(FaultsPlanted.parse(done), 200)
  })
  router.openapi(changeRoute, async (c) => {
    const { project } = c.var
    const fault = await requirePlanted(effects, project.id, c.req.valid('param').planted)
    const change = await plantedChange(effects.db, project.id, fault)
    if (change === null)
      throw new AppError(
        'gone',
        'The text of this copy or of its original was erased.',
        'Nothing is left to look at; it is shown to nobody any more.',
      )
    return c.json(PlantedChange.parse(change), 200)
  })
  router.openapi(reviewRoute, async (c) => {
    const { project, principal } = c.var
    const { planted } = c.req.valid('param')
    const now = await reviewPlanted(effects, project.id, actorOf(principal), planted, c.req.valid('json'))
    return c.json(PlantedFault.parse(now), 200)
  })
  router.openapi(pauseRoute, async (c) => {
    const who = await raterOf(effects, c.var.project.id, c.var.principal)
    return c.json(OwnPauseNote.parse({ note: await pauseNote(effects.db, who) }), 200)
  })
  router.openapi(readPauseRoute, async (c) => {
    const who = await raterOf(effects, c.var.project.id, c.var.principal)
    await readPauseNote(effects, who, c.req.valid('param').note)
    return c.json(OwnPauseNote.parse({ note: await pauseNote(effects.db, who) }), 200)
  })
  return router
}
