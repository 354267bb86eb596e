/** HTTP of critiques. A rater has a way to those alone that it was shown. */
import { z } from '@hono/zod-openapi'
import {
  CriticSheet,
  CritiqueReport,
  CritiqueView,
  MarkClaim,
  SetCritiqueRules,
  WriteClaim,
} from '@leeway/contract/critiques'
import type { AccountServices } from '../accounts/account-services.ts'
import { raterOf } from '../assignments/rater-of.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { criticSheet } from './critic-sheet.ts'
import { critiqueReport } from './critique-report.ts'
import { setCritiqueRules } from './critique-rules.ts'
import { requireEpisodeRead } from './episode-read.ts'
import { plantClaim } from './plant-claim.ts'
import { markClaim } from './reveal.ts'
import { takeBackClaim, writeClaim } from './write-claim.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

const reportRoute = projectRoute({
  method: 'get',
  path: '/critiques',
  scope: 'read',
  summary: 'What critiques did to answers',
  responses: { 200: json(CritiqueReport, 'Both arms, and what raters said of the claims.') },
})
const rulesRoute = projectRoute({
  method: 'post',
  path: '/critiques',
  scope: 'admin',
  summary: 'Set after which share of answers a critique is shown',
  request: body(SetCritiqueRules),
  responses: { 200: json(CritiqueReport, 'As it stands now.') },
})
const plantRoute = projectRoute({
  method: 'post',
  path: '/critiques/planted',
  scope: 'admin',
  summary: 'Plant a false claim among those that raters are shown',
  request: body(WriteClaim),
  responses: { 200: json(z.object({ id: z.string() }), 'Planted.') },
})
const sheetRoute = projectRoute({
  method: 'get',
  path: '/critiques/written/{episode}',
  scope: 'rate',
  summary: 'What you may write about as a critic, and what you wrote',
  request: { params: z.object({ episode: z.uuid() }) },
  responses: { 200: json(CriticSheet, 'The questions about the episode, and nobody else’s claims.') },
})
const writeRoute = projectRoute({
  method: 'post',
  path: '/critiques/written',
  scope: 'rate',
  summary: 'Say as a critic what is wrong, with the words that show it',
  request: body(WriteClaim),
  responses: { 200: json(CriticSheet, 'Written. You are asked this question no more.') },
})
const takeBackRoute = projectRoute({
  method: 'post',
  path: '/critiques/written/{claim}/take-back',
  scope: 'rate',
  summary: 'Take back a claim of your own',
  request: { params: z.object({ claim: z.uuid() }) },
  responses: { 200: json(z.object({ id: z.string() }), 'Shown to nobody else from now on.') },
})
const markRoute = projectRoute({
  method: 'post',
  path: '/review/{assignment}/critique',
  scope: 'rate',
  summary: 'Say of a claim that it holds, does not, or was seen before',
  request: { params: z.object({ assignment: z.uuid() }), ...body(MarkClaim) },
  responses: { 200: json(CritiqueView, 'The critique as you were shown it.') },
})

export function critiqueRoutes(effects: Effects, accounts: AccountServices): FeatureRouter {
  const router = featureRouter()
  router.openapi(reportRoute, async (c) => c.json(await critiqueReport(effects.db, c.var.project.id), 200))
  router.openapi(rulesRoute, async (c) => {
    const { project, principal } = c.var
    await setCritiqueRules(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await critiqueReport(effects.db, project.id), 200)
  })
  router.openapi(plantRoute, async (c) => {
    const { project, principal } = c.var
    return c.json({ id: await plantClaim(effects, project.id, actorOf(principal), c.req.valid('json')) }, 200)
  })
  router.openapi(sheetRoute, async (c) => {
    const { project, principal } = c.var
    const critic = await raterOf(effects, project.id, principal)
    const { episode } = c.req.valid('param')
    const read = await requireEpisodeRead(effects, accounts, project.id, principal, episode)
    return c.json(CriticSheet.parse(await criticSheet(effects.db, critic, read)), 200)
  })
  router.openapi(writeRoute, async (c) => {
    const { project, principal } = c.var
    const critic = await raterOf(effects, project.id, principal)
    const wanted = c.req.valid('json')
    const read = await requireEpisodeRead(effects, accounts, project.id, principal, wanted.episode)
    return c.json(CriticSheet.parse(await writeClaim(effects, critic, read, wanted)), 200)
  })
  router.openapi(takeBackRoute, async (c) => {
    const critic = await raterOf(effects, c.var.project.id, c.var.principal)
    const { claim } = c.req.valid('param')
    await takeBackClaim(effects, critic, claim)
    return c.json({ id: claim }, 200)
  })
  router.openapi(markRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const { assignment } = c.req.valid('param')
    return c.json(CritiqueView.parse(await markClaim(effects, rater, assignment, c.req.valid('json'))), 200)
  })
  return router
}
