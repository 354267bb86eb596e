/** HTTP of model raters. What they cost is an admin's to decide; raters have no way in. */
import { z } from '@hono/zod-openapi'
import {
  DeclareJudge,
  JudgeRunView,
  JudgeView,
  SetSpendLimit,
  SpendView,
  StartJudgeRun,
} from '@leeway/contract/judges'
import { RaterSummary } from '@leeway/contract/raters'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { declareJudge } from './declare-judge.ts'
import { judgeViews } from './judge.ts'
import { runView, runViews } from './judge-run-views.ts'
import { readSpend, setSpendLimit } from './spend.ts'
import { startJudgeRun } from './start-judge-run.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

const declareRoute = projectRoute({
  method: 'post',
  path: '/judges',
  scope: 'admin',
  summary: 'Declare a model rater; the same again is the same rater',
  request: body(DeclareJudge),
  responses: { 200: json(RaterSummary, 'The rater.') },
})
const startRoute = projectRoute({
  method: 'post',
  path: '/judges/runs',
  scope: 'admin',
  summary: 'Have a model rater answer the questions of a rubric',
  request: body(StartJudgeRun),
  responses: { 200: json(JudgeRunView, 'The run; it goes on in the background.') },
})
const judgesRoute = projectRoute({
  method: 'get',
  path: '/judges',
  scope: 'read',
  summary: 'List the model raters that were declared, with what they cost',
  responses: { 200: json(z.object({ items: z.array(JudgeView) }), 'Newest first.') },
})
const listRoute = projectRoute({
  method: 'get',
  path: '/judges/runs',
  scope: 'read',
  summary: 'List the newest runs of model raters',
  responses: { 200: json(z.object({ items: z.array(JudgeRunView) }), 'Newest first, at most 50.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/judges/runs/{run}',
  scope: 'read',
  summary: 'Show how far a run is, what it cost, and why it rests',
  request: { params: z.object({ run: z.uuid() }) },
  responses: { 200: json(JudgeRunView, 'The run.') },
})
const spendRoute = projectRoute({
  method: 'get',
  path: '/judges/spend',
  scope: 'read',
  summary: 'What was spent on models today (UTC), and the limit',
  responses: { 200: json(SpendView, 'US dollars.') },
})
const setSpendRoute = projectRoute({
  method: 'put',
  path: '/judges/spend',
  scope: 'admin',
  summary: 'Set the most that models may cost in a UTC day',
  request: body(SetSpendLimit),
  responses: { 200: json(SpendView, 'US dollars.') },
})

export function judgeRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(declareRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await declareJudge(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })
  router.openapi(startRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await startJudgeRun(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })
  router.openapi(judgesRoute, async (c) =>
    c.json({ items: await judgeViews(effects.db, c.var.project.id) }, 200),
  )
  router.openapi(listRoute, async (c) => c.json({ items: await runViews(effects, c.var.project.id) }, 200))
  router.openapi(showRoute, async (c) =>
    c.json(await runView(effects, c.var.project.id, c.req.valid('param').run), 200),
  )
  router.openapi(spendRoute, async (c) =>
    c.json(await readSpend(effects.db, c.var.project.id, effects.now()), 200),
  )
  router.openapi(setSpendRoute, async (c) => {
    const { project, principal } = c.var
    const { usdPerDay } = c.req.valid('json')
    return c.json(await setSpendLimit(effects, project.id, actorOf(principal), usdPerDay), 200)
  })
  return router
}
