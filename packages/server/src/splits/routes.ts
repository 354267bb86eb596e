/** HTTP of split questions. A rater has a way to those parts alone that it was shown. */
import { z } from '@hono/zod-openapi'
import {
  AnswerPart,
  PartsView,
  SavedSplit,
  SaveSplit,
  SplitPlan,
  SplitReport,
  SplitRules,
} from '@leeway/contract/splits'
import { raterOf } from '../assignments/rater-of.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { answerPart } from './reveal-parts.ts'
import { planSplit, saveSplit } from './save-split.ts'
import { setSplitRules } from './set-rules.ts'
import { splitReport } from './split-report.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

const reportRoute = projectRoute({
  method: 'get',
  path: '/splits',
  scope: 'read',
  summary: 'How questions are split, how often each part is right, and where they differ',
  responses: { 200: json(SplitReport, 'Every split question with all that is below it.') },
})
const saveRoute = projectRoute({
  method: 'post',
  path: '/splits',
  scope: 'admin',
  summary: 'Split a question into parts; refused where known answers show that it would hurt',
  request: body(SaveSplit),
  responses: { 200: json(SavedSplit, 'The same again adds nothing.') },
})
const planRoute = projectRoute({
  method: 'post',
  path: '/splits/plan',
  scope: 'admin',
  summary: 'What known answers tell of a split; nothing is stored',
  request: body(SaveSplit),
  responses: { 200: json(SplitPlan, 'What is foreseen, or why nothing is.') },
})
const rulesRoute = projectRoute({
  method: 'put',
  path: '/splits/rules',
  scope: 'admin',
  summary: 'Set the limits of what is asked below a question, and after which share of answers it is shown',
  request: body(SplitRules),
  responses: { 200: json(SplitReport, 'As it stands now.') },
})
const partRoute = projectRoute({
  method: 'post',
  path: '/review/{assignment}/part',
  scope: 'rate',
  summary: 'Say yourself what holds of a part that you are shown',
  request: { params: z.object({ assignment: z.uuid() }), ...body(AnswerPart) },
  responses: { 200: json(PartsView, 'The parts as you were shown them.') },
})

export function splitRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  const report = async (projectId: string) => SplitReport.parse(await splitReport(effects.db, projectId))
  router.openapi(reportRoute, async (c) => c.json(await report(c.var.project.id), 200))
  router.openapi(saveRoute, async (c) => {
    const { project, principal } = c.var
    const saved = await saveSplit(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(SavedSplit.parse(saved), 200)
  })
  router.openapi(planRoute, async (c) =>
    c.json(SplitPlan.parse(await planSplit(effects, c.var.project.id, c.req.valid('json'))), 200),
  )
  router.openapi(rulesRoute, async (c) => {
    const { project, principal } = c.var
    await setSplitRules(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await report(project.id), 200)
  })
  router.openapi(partRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const { assignment } = c.req.valid('param')
    return c.json(PartsView.parse(await answerPart(effects, rater, assignment, c.req.valid('json'))), 200)
  })
  return router
}
