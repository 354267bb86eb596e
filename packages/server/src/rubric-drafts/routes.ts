/** HTTP of drafts. Ordering one costs money, so it is an admin's to decide; raters have no way in. */
import { z } from '@hono/zod-openapi'
import { RubricDraftView, StartRubricDraft } from '@leeway/contract/rubric-drafts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { draftView } from './draft-view.ts'
import { startDraft } from './start-draft.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const startRoute = projectRoute({
  method: 'post',
  path: '/rubrics/drafts',
  scope: 'admin',
  summary: 'Have a model draft a rubric from an instruction, for a person to edit',
  request: { body: { content: { 'application/json': { schema: StartRubricDraft } }, required: true } },
  responses: { 200: json(RubricDraftView, 'The order; the model is asked in the background.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/rubrics/drafts/{draft}',
  scope: 'read',
  summary: 'Show a draft, or what holds it up',
  request: { params: z.object({ draft: z.uuid() }) },
  responses: { 200: json(RubricDraftView, 'The draft. It is no rubric until somebody saves it.') },
})

export function rubricDraftRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(startRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await startDraft(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })
  router.openapi(showRoute, async (c) =>
    c.json(await draftView(effects, c.var.project.id, c.req.valid('param').draft), 200),
  )
  return router
}
