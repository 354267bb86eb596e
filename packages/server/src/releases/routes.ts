/** HTTP of releases, ladders and anchors. */
import { z } from '@hono/zod-openapi'
import {
  ApproveRelease,
  Assignments,
  AssignUnits,
  DeclareAnchor,
  DeclaredAnchor,
  LadderView,
  Overview,
  Recomputed,
  ReleasePage,
  ReleaseQuery,
  ReleaseView,
  RollBackRelease,
  SetLadder,
  StartedRelease,
  StartRelease,
} from '@leeway/contract/releases'
import { ChainView } from '@leeway/contract/supervision'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { AppError } from '../http/app-error.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { namedApprover } from '../http/named-approver.ts'
import { chainView } from '../supervision/chain-view.ts'
import { declareAnchor } from './anchor.ts'
import { assignUnits } from './assign-units.ts'
import { approveRelease, checkRelease, recomputeCheck, rollBackRelease } from './check-release.ts'
import { standing } from './release-limits.ts'
import { agentNamed, currentLadder, listAgents, type ReleaseRow, releasesOfAgent } from './release-store.ts'
import { overview, showRelease, stageViews, summarise } from './release-views.ts'
import { requireRelease, setLadder, startRelease } from './start-release.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const Params = z.object({ release: z.uuid() })

const overviewRoute = projectRoute({
  method: 'get',
  path: '/overview',
  scope: 'read',
  summary: 'Every agent with its ladder and its release',
  responses: { 200: json(Overview, 'One row an agent.') },
})
const listRoute = projectRoute({
  method: 'get',
  path: '/releases',
  scope: 'read',
  summary: 'List releases, newest first',
  request: { query: ReleaseQuery },
  responses: { 200: json(ReleasePage, 'A page.') },
})
const startRoute = projectRoute({
  method: 'post',
  path: '/releases',
  scope: 'release',
  summary: 'Start a release',
  request: body(StartRelease),
  responses: { 201: json(StartedRelease, 'Started; its first check has run.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/releases/{release}',
  scope: 'read',
  summary: 'Show a release with its evidence',
  request: { params: Params },
  responses: { 200: json(ReleaseView, 'The release.') },
})
const checkRoute = projectRoute({
  method: 'post',
  path: '/releases/{release}/check',
  scope: 'release',
  summary: 'Check the gate now',
  request: { params: Params },
  responses: { 200: json(ReleaseView, 'The release after the check.') },
})
const approveRoute = projectRoute({
  method: 'post',
  path: '/releases/{release}/approve',
  scope: 'release',
  summary: 'Approve the proposed promotion',
  request: { params: Params, ...body(ApproveRelease) },
  responses: { 200: json(ReleaseView, 'The release after the approval.') },
})
const rollbackRoute = projectRoute({
  method: 'post',
  path: '/releases/{release}/rollback',
  scope: 'release',
  summary: 'Roll back now',
  request: { params: Params, ...body(RollBackRelease) },
  responses: { 200: json(ReleaseView, 'The release, ended.') },
})
const assignRoute = projectRoute({
  method: 'post',
  path: '/releases/{release}/assignments',
  scope: 'release',
  summary: 'Say which policy serves the next units',
  request: { params: Params, ...body(AssignUnits) },
  responses: { 200: json(Assignments, 'One assignment a unit.') },
})
const recomputeRoute = projectRoute({
  method: 'get',
  path: '/releases/{release}/checks/{check}/recompute',
  scope: 'read',
  summary: 'Recompute a recorded check from its facts',
  request: { params: Params.extend({ check: z.uuid() }) },
  responses: { 200: json(Recomputed, 'As recorded, and again.') },
})
const chainRoute = projectRoute({
  method: 'get',
  path: '/releases/{release}/chain',
  scope: 'read',
  summary: 'Show who vouches for whom, from the anchor up to the candidate',
  request: { params: Params },
  responses: { 200: json(ChainView, 'Each link with its figures, and those of the ledger counted again.') },
})
const anchorRoute = projectRoute({
  method: 'post',
  path: '/anchors',
  scope: 'admin',
  summary: 'Declare a policy known safe',
  request: body(DeclareAnchor),
  responses: { 200: json(DeclaredAnchor, 'In force, or waiting for a second person.') },
})
const ladderRoute = projectRoute({
  method: 'get',
  path: '/ladders/{agent}',
  scope: 'read',
  summary: "Show an agent's ladder",
  request: { params: z.object({ agent: z.string().max(200) }) },
  responses: { 200: json(LadderView, 'The ladder new releases climb.') },
})
const setLadderRoute = projectRoute({
  method: 'post',
  path: '/ladders',
  scope: 'admin',
  summary: "Replace an agent's ladder for new releases",
  request: body(SetLadder),
  responses: { 200: json(LadderView, 'The new ladder.') },
})

export function releaseRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  const show = async (projectId: string, id: string) =>
    showRelease(effects.db, await requireRelease(effects, projectId, id))

  router.openapi(overviewRoute, async (c) => c.json(await overview(effects.db, c.var.project.id), 200))

  router.openapi(listRoute, async (c) => {
    const { agent, limit, cursor } = c.req.valid('query')
    const before = decodeCursor(cursor, z.tuple([z.string()]))?.[0]
    const agents = (await listAgents(effects.db, c.var.project.id)).filter(
      (row) => agent === undefined || row.name === agent,
    )
    const all: { row: ReleaseRow; agent: string }[] = []
    for (const one of agents)
      for (const row of await releasesOfAgent(effects.db, c.var.project.id, one.id))
        all.push({ row, agent: one.name })
    // UUIDv7 sorts by time.
    all.sort((a, b) => (a.row.id < b.row.id ? 1 : -1))
    const page = pageOfRows(
      all.filter(({ row }) => before === undefined || row.id < before).slice(0, limit + 1),
      limit,
      ({ row }) => [row.id],
    )
    const items = await Promise.all(page.rows.map((one) => summarise(effects.db, one.row, one.agent)))
    return c.json({ items, nextCursor: page.nextCursor }, 200)
  })

  router.openapi(startRoute, async (c) => {
    const release = await startRelease(effects, {
      ...c.req.valid('json'),
      projectId: c.var.project.id,
      actor: actorOf(c.var.principal),
    })
    await checkRelease(effects, release)
    return c.json({ id: release.id, handle: (await show(c.var.project.id, release.id)).handle }, 201)
  })

  router.openapi(showRoute, async (c) =>
    c.json(await show(c.var.project.id, c.req.valid('param').release), 200),
  )

  router.openapi(checkRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    await checkRelease(effects, release)
    return c.json(await showRelease(effects.db, release), 200)
  })

  router.openapi(approveRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    const { checkId, reason, approver } = c.req.valid('json')
    await approveRelease(effects, release, {
      checkId,
      reason,
      actor: namedApprover(c.var.principal, approver),
    })
    return c.json(await showRelease(effects.db, release), 200)
  })

  router.openapi(rollbackRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    await rollBackRelease(effects, release, {
      actor: actorOf(c.var.principal),
      reason: c.req.valid('json').reason,
    })
    return c.json(await showRelease(effects.db, release), 200)
  })

  router.openapi(assignRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    return c.json({ assignments: [...(await assignUnits(effects, release, c.req.valid('json').units))] }, 200)
  })

  router.openapi(recomputeRoute, async (c) => {
    const { release: id, check } = c.req.valid('param')
    return c.json(
      await recomputeCheck(effects.db, await requireRelease(effects, c.var.project.id, id), check),
      200,
    )
  })

  router.openapi(chainRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    const { ladder, state } = await standing(effects.db, release)
    return c.json(await chainView(effects.db, release, { ladder, stage: state.stage }), 200)
  })

  router.openapi(anchorRoute, async (c) => {
    const wanted = c.req.valid('json')
    const { inForce } = await declareAnchor(effects, {
      ...wanted,
      projectId: c.var.project.id,
      actor: actorOf(c.var.principal),
    })
    return c.json({ agent: wanted.agent, policy: wanted.policy, inForce }, 200)
  })

  router.openapi(ladderRoute, async (c) => {
    const { agent: name } = c.req.valid('param')
    const agent = await agentNamed(effects.db, c.var.project.id, name)
    if (!agent) throw new AppError('not_found', `There is no agent "${name}".`, 'List the agents.')
    const row = await currentLadder(effects.db, c.var.project.id, agent.id)
    const ladder = (row?.definition as Ladder | undefined) ?? DEFAULT_LADDER
    return c.json(
      {
        agent: name,
        name: ladder.name,
        sha256: row?.sha256 ?? null,
        stages: stageViews(ladder, -1, () => null),
      },
      200,
    )
  })

  router.openapi(setLadderRoute, async (c) => {
    const { agent: name, ladder } = c.req.valid('json')
    const agent = await agentNamed(effects.db, c.var.project.id, name)
    if (!agent)
      throw new AppError('not_found', `There is no agent "${name}".`, 'Import its episodes first.', {
        field: 'agent',
      })
    const set = await effects.db.transaction((tx) =>
      setLadder(tx, effects, {
        projectId: c.var.project.id,
        agentId: agent.id,
        definition: ladder,
        actor: actorOf(c.var.principal),
      }),
    )
    return c.json(
      { agent: name, name: ladder.name, sha256: set.sha256, stages: stageViews(ladder, -1, () => null) },
      200,
    )
  })

  return router
}
