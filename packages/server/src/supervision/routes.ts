/** HTTP of supervisors. What a policy is called could tell raters the arm: they have no way in. */
import { z } from '@hono/zod-openapi'
import { JudgeRunView } from '@leeway/contract/judges'
import {
  DefaultSupervisor,
  DefaultSupervisorQuery,
  RegisterSupervisor,
  RunSupervisor,
  SupervisorList,
  SupervisorView,
} from '@leeway/contract/supervision'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { defaultSupervisor } from './default-supervisor.ts'
import { registerSupervisor, supervisorView } from './register-supervisor.ts'
import { registeredSupervisors } from './registered.ts'
import { runSupervisor } from './run-supervisor.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

const registerRoute = projectRoute({
  method: 'post',
  path: '/supervisors',
  scope: 'admin',
  summary: 'Say which policy a model rater runs, and what it may do as such',
  request: body(RegisterSupervisor),
  responses: { 200: json(SupervisorView, 'As it stands now.') },
})
const listRoute = projectRoute({
  method: 'get',
  path: '/supervisors',
  scope: 'read',
  summary: 'List the policies that supervise others',
  responses: { 200: json(SupervisorList, 'Newest first.') },
})
const defaultRoute = projectRoute({
  method: 'get',
  path: '/supervisors/default',
  scope: 'read',
  summary: 'Say who supervises a release of an agent that starts now, unless somebody names another',
  request: { query: DefaultSupervisorQuery },
  responses: { 200: json(DefaultSupervisor, 'Null where nothing was promoted, or no rater runs it.') },
})
const runRoute = projectRoute({
  method: 'post',
  path: '/supervisors/{rater}/runs',
  scope: 'admin',
  summary: 'Have a supervisor answer about the episodes of a policy, with planted faults among them',
  request: { params: z.object({ rater: z.uuid() }), ...body(RunSupervisor) },
  responses: { 200: json(JudgeRunView, 'The run; it goes on in the background.') },
})

export function supervisorRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(registerRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await registerSupervisor(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })
  router.openapi(listRoute, async (c) =>
    c.json({ items: (await registeredSupervisors(effects.db, c.var.project.id)).map(supervisorView) }, 200),
  )
  router.openapi(defaultRoute, async (c) =>
    c.json(await defaultSupervisor(effects.db, c.var.project.id, c.req.valid('query').agent), 200),
  )
  router.openapi(runRoute, async (c) => {
    const { project, principal } = c.var
    const { rater } = c.req.valid('param')
    return c.json(
      await runSupervisor(effects, project.id, actorOf(principal), rater, c.req.valid('json')),
      200,
    )
  })
  return router
}
