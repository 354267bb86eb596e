/** HTTP of agents and policies. Raters have no way in: what a policy is called could tell them the arm. */
import type { z } from '@hono/zod-openapi'
import { AgentList, DeclaredPolicy, DeclarePolicy, PolicyList } from '@leeway/contract/policies'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { declarePolicy } from './declare-policy.ts'
import { listAgents, listPolicies } from './policy-views.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const agentsRoute = projectRoute({
  method: 'get',
  path: '/agents',
  scope: 'read',
  summary: 'List agents with their episodes and success rate',
  responses: { 200: json(AgentList, 'All agents of the project.') },
})
const policiesRoute = projectRoute({
  method: 'get',
  path: '/policies',
  scope: 'read',
  summary: 'List policies with their episodes and success rate',
  responses: { 200: json(PolicyList, 'All policies of the project.') },
})
const declareRoute = projectRoute({
  method: 'post',
  path: '/policies',
  scope: 'ingest',
  summary: 'Declare a policy with its complete configuration',
  request: { body: { content: { 'application/json': { schema: DeclarePolicy } }, required: true } },
  responses: { 200: json(DeclaredPolicy, 'The policy; the same configuration again is the same policy.') },
})

export function policyRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(agentsRoute, async (c) =>
    c.json({ items: [...(await listAgents(effects.db, c.var.project.id))] }, 200),
  )
  router.openapi(policiesRoute, async (c) =>
    c.json({ items: [...(await listPolicies(effects.db, c.var.project.id))] }, 200),
  )
  router.openapi(declareRoute, async (c) =>
    c.json(await declarePolicy(effects, c.var.project.id, c.req.valid('json')), 200),
  )
  return router
}
