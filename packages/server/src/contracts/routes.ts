/** HTTP of autonomy contracts. Raters have no way in: a contract names the stage. */
import type { z } from '@hono/zod-openapi'
import {
  ContractList,
  ContractQuery,
  SignedContract,
  SimulateContract,
  SimulatedContractView,
  WriteContract,
} from '@leeway/contract/autonomy'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { simulateOnEpisodes } from './simulate-on-episodes.ts'
import { contractList, readContract, writeContract } from './write-contract.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const writeRoute = projectRoute({
  method: 'post',
  path: '/contracts',
  scope: 'admin',
  summary: 'Write the autonomy contract of an agent; a new version, signed',
  request: { body: { required: true, content: { 'application/json': { schema: WriteContract } } } },
  responses: { 200: json(SignedContract, 'The contract as it holds from now on.') },
})
const listRoute = projectRoute({
  method: 'get',
  path: '/contracts',
  scope: 'read',
  summary: 'List the versions of all contracts',
  responses: { 200: json(ContractList, 'Newest first, at most 200.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/contracts/one',
  scope: 'read',
  summary: 'Show the contract of an agent with its signature',
  request: { query: ContractQuery },
  responses: { 200: json(SignedContract, 'The contract.') },
})

const simulateRoute = projectRoute({
  method: 'post',
  path: '/contracts/simulate',
  scope: 'read',
  summary: 'What a contract would have done with recorded episodes',
  request: { body: { required: true, content: { 'application/json': { schema: SimulateContract } } } },
  responses: { 200: json(SimulatedContractView, 'Counts by tool, and the first refusals.') },
})

export function contractRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(writeRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await writeContract(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })
  router.openapi(listRoute, async (c) =>
    c.json({ items: await contractList(effects.db, c.var.project.id) }, 200),
  )
  router.openapi(showRoute, async (c) => {
    const { agent, version } = c.req.valid('query')
    return c.json(await readContract(effects.db, c.var.project.id, agent, version), 200)
  })
  router.openapi(simulateRoute, async (c) =>
    c.json(await simulateOnEpisodes(effects, c.var.project.id, c.req.valid('json')), 200),
  )
  return router
}
