/** HTTP of the two forms in which a question is put. Raters have no way in: the report tells what was known and planted. */
import { FormReport, SetFormRule } from '@leeway/contract/question-forms'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { formReport } from './form-report.ts'
import { setFormRule } from './form-rules.ts'

const report = (description: string) => ({
  description,
  content: { 'application/json': { schema: FormReport } },
})

const reportRoute = projectRoute({
  method: 'get',
  path: '/question-forms',
  scope: 'read',
  summary: 'How good and how dear answers are that were checked, beside those that were found',
  responses: { 200: report('By question, for people and models apart.') },
})
const ruleRoute = projectRoute({
  method: 'post',
  path: '/question-forms',
  scope: 'admin',
  summary: 'Set which share of the answers to a question are checks',
  request: { body: { content: { 'application/json': { schema: SetFormRule } }, required: true } },
  responses: { 200: report('As it stands now.') },
})

export function questionFormRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(reportRoute, async (c) => c.json(await formReport(effects.db, c.var.project.id), 200))
  router.openapi(ruleRoute, async (c) => {
    const { project, principal } = c.var
    await setFormRule(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await formReport(effects.db, project.id), 200)
  })
  return router
}
