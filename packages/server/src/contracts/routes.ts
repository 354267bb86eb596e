/** HTTP of autonomy contracts. Raters have no way in: a contract names the stage. */
import { z } from '@hono/zod-openapi'
import {
  ApproveContract,
  ContractList,
  ContractProposal,
  ContractProposals,
  ContractQuery,
  ProposeContract,
  SignedContract,
  SimulateContract,
  SimulatedContractView,
  WriteContract,
} from '@leeway/contract/autonomy'
import { actorOf, type Effects, type ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { namedApprover } from '../http/named-approver.ts'
import { approveProposal, openProposals, proposeContract, withdrawProposal } from './propose-contract.ts'
import { contractList, readContract } from './read-contracts.ts'
import { simulateOnEpisodes } from './simulate-on-episodes.ts'
import { writeContract } from './write-contract.ts'

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

const Params = z.object({ proposal: z.uuid() })
const proposeRoute = projectRoute({
  method: 'post',
  path: '/contracts/proposals',
  scope: 'admin',
  summary: 'Propose a contract that another person approves',
  request: { body: { required: true, content: { 'application/json': { schema: ProposeContract } } } },
  responses: { 200: json(ContractProposal, 'With what it would change.') },
})
const proposalsRoute = projectRoute({
  method: 'get',
  path: '/contracts/proposals',
  scope: 'read',
  summary: 'List the contracts that wait for a second person',
  responses: { 200: json(ContractProposals, 'Newest first, one an agent.') },
})
const approveRoute = projectRoute({
  method: 'post',
  path: '/contracts/proposals/{proposal}/approve',
  scope: 'admin',
  summary: 'Approve a proposed contract; it holds from now on',
  request: {
    params: Params,
    body: { required: true, content: { 'application/json': { schema: ApproveContract } } },
  },
  responses: { 200: json(SignedContract, 'The contract as it holds from now on.') },
})
const withdrawRoute = projectRoute({
  method: 'post',
  path: '/contracts/proposals/{proposal}/withdraw',
  scope: 'admin',
  summary: 'Withdraw a proposed contract',
  request: { params: Params },
  responses: { 200: json(ContractProposals, 'Those that still wait.') },
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
  router.openapi(proposeRoute, async (c) => {
    const { project, principal } = c.var
    const wanted = c.req.valid('json')
    const by = { projectId: project.id, actor: namedApprover(principal, wanted.approver) }
    return c.json(await proposeContract(effects, by, wanted), 200)
  })
  router.openapi(proposalsRoute, async (c) =>
    c.json({ items: [...(await openProposals(effects, byOf(c.var)))] }, 200),
  )
  router.openapi(approveRoute, async (c) => {
    const { project, principal } = c.var
    const { against, approver } = c.req.valid('json')
    const by = { projectId: project.id, actor: namedApprover(principal, approver) }
    return c.json(await approveProposal(effects, by, c.req.valid('param').proposal, against), 200)
  })
  router.openapi(withdrawRoute, async (c) => {
    const by = byOf(c.var)
    await withdrawProposal(effects, by, c.req.valid('param').proposal)
    return c.json({ items: [...(await openProposals(effects, by))] }, 200)
  })
  router.openapi(simulateRoute, async (c) =>
    c.json(await simulateOnEpisodes(effects, c.var.project.id, c.req.valid('json')), 200),
  )
  return router
}

function byOf({ project, principal }: ProjectEnv['Variables']) {
  return { projectId: project.id, actor: actorOf(principal) }
}
