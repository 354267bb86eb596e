/** HTTP of rubrics. Raters have no way in: they see questions one by one, without weights or what programs look for. */
import { z } from '@hono/zod-openapi'
import {
  AppliedRubric,
  RubricPredictions,
  RubricSummary,
  RubricView,
  SavedRubric,
  SaveRubric,
} from '@leeway/contract/rubrics'
import { AppError } from '../http/app-error.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { applyPrograms } from './apply-programs.ts'
import { rubricPredictions } from './predictions.ts'
import { listRubrics, showRubric } from './rubric-views.ts'
import { saveRubric } from './save-rubric.ts'
import { findRubric, type RubricRow } from './stored-rubrics.ts'

/** Episodes of one request: done within a few seconds, so that progress can be shown. */
const EPISODES_A_REQUEST = 500

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const Params = z.object({ rubric: z.uuid() })

const listRoute = projectRoute({
  method: 'get',
  path: '/rubrics',
  scope: 'read',
  summary: 'List rubrics, each in its newest version',
  responses: { 200: json(z.object({ items: z.array(RubricSummary) }), 'All rubrics of the project.') },
})
const saveRoute = projectRoute({
  method: 'post',
  path: '/rubrics',
  scope: 'admin',
  summary: 'Save a rubric as its next version',
  request: { body: { content: { 'application/json': { schema: SaveRubric } }, required: true } },
  responses: { 200: json(SavedRubric, 'The version; the same definition again is the same version.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/rubrics/{rubric}',
  scope: 'read',
  summary: 'Show a rubric with its tree and versions',
  request: { params: Params },
  responses: { 200: json(RubricView, 'The rubric.') },
})
const applyRoute = projectRoute({
  method: 'post',
  path: '/rubrics/{rubric}/apply',
  scope: 'admin',
  summary: 'Run the programs of a rubric on episodes that lack their answers',
  request: { params: Params },
  responses: { 200: json(AppliedRubric, 'What was done, and what remains.') },
})
const predictionsRoute = projectRoute({
  method: 'get',
  path: '/rubrics/{rubric}/predictions',
  scope: 'read',
  summary: 'How well each question predicts the trusted outcome',
  request: { params: Params },
  responses: { 200: json(RubricPredictions, 'One line a question and kind of rater.') },
})

export function rubricRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(listRoute, async (c) => c.json({ items: await listRubrics(effects, c.var.project.id) }, 200))
  router.openapi(saveRoute, async (c) => {
    const saved = await saveRubric(effects, {
      ...c.req.valid('json'),
      projectId: c.var.project.id,
      actor: actorOf(c.var.principal),
    })
    return c.json(saved, 200)
  })
  router.openapi(showRoute, async (c) => {
    const row = await requireRubric(effects, c.var.project.id, c.req.valid('param').rubric)
    return c.json(await showRubric(effects, row), 200)
  })
  router.openapi(applyRoute, async (c) => {
    const row = await requireRubric(effects, c.var.project.id, c.req.valid('param').rubric)
    return c.json(await applyPrograms(effects, row, EPISODES_A_REQUEST), 200)
  })
  router.openapi(predictionsRoute, async (c) => {
    const row = await requireRubric(effects, c.var.project.id, c.req.valid('param').rubric)
    return c.json({ items: await rubricPredictions(effects.db, row) }, 200)
  })
  return router
}

async function requireRubric(
  effects: Pick<Effects, 'db'>,
  projectId: string,
  rubricId: string,
): Promise<RubricRow> {
  const row = await findRubric(effects.db, projectId, rubricId)
  if (row === undefined)
    throw new AppError(
      'not_found',
      'There is no such rubric in this project.',
      'List the rubrics to find it.',
    )
  return row
}
