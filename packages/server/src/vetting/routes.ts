/** HTTP of vetting. A rater is told of a known answer after its own, and in a round alone. */
import { z } from '@hono/zod-openapi'
import {
  AnswerRound,
  GoldList,
  nextOfRound as nextOfRoundEndpoint,
  RetireGold,
  RoundFeedback,
  RoundQuestion,
  SetVettingRules,
  VettingView,
} from '@leeway/contract/vetting'
import type { AccountServices } from '../accounts/account-services.ts'
import { raterOf } from '../assignments/rater-of.ts'
import { aliasAnswer } from '../episodes/alias-answer.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { goldExposures } from './gold-exposures.ts'
import { retireGold } from './retire-gold.ts'
import { answerOfRound, nextOfRound } from './round.ts'
import { setVettingRules } from './rules.ts'
import { vettingView } from './vetting-view.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

const showRoute = projectRoute({
  method: 'get',
  path: '/vetting',
  scope: 'read',
  summary: 'How raters are vetted, and how many known answers there are',
  responses: { 200: json(VettingView, 'Which items are known is told to nobody.') },
})
const setRoute = projectRoute({
  method: 'post',
  path: '/vetting',
  scope: 'admin',
  summary: 'Set how raters are vetted',
  request: body(SetVettingRules),
  responses: { 200: json(VettingView, 'As it stands now.') },
})
const goldRoute = projectRoute({
  method: 'get',
  path: '/gold',
  scope: 'admin',
  summary: 'Known answers, and how many people have met each',
  responses: { 200: json(GoldList, 'Those that may have leaked first.') },
})
const retireRoute = projectRoute({
  method: 'post',
  path: '/gold/retire',
  scope: 'admin',
  summary: 'Retire a known answer that has leaked',
  request: body(RetireGold),
  responses: { 200: json(GoldList, 'Nobody is asked it any more; answers given before count as they did.') },
})
const nextRoute = projectRoute({
  method: 'post',
  path: '/review/round/next',
  scope: 'rate',
  summary: 'The next question of your qualification round; the same again until you answer it',
  request: body(nextOfRoundEndpoint.body),
  responses: { 200: json(RoundQuestion, 'Null when the round is over.') },
})
const answerRoute = projectRoute({
  method: 'post',
  path: '/review/round/{draw}/answer',
  scope: 'rate',
  summary: 'Answer a question of your qualification round, and be told what is right',
  request: { params: z.object({ draw: z.uuid() }), ...body(AnswerRound) },
  responses: { 200: json(RoundFeedback, 'Your first answer stands.') },
})

export function vettingRoutes(
  effects: Effects,
  { aliases }: Pick<AccountServices, 'aliases'>,
): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  router.openapi(showRoute, async (c) => c.json(await vettingView(db, c.var.project.id), 200))
  router.openapi(setRoute, async (c) => {
    const { project, principal } = c.var
    await setVettingRules(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await vettingView(db, project.id), 200)
  })
  router.openapi(goldRoute, async (c) =>
    c.json(GoldList.parse(await goldExposures(db, c.var.project.id)), 200),
  )
  router.openapi(retireRoute, async (c) => {
    const { project, principal } = c.var
    await retireGold(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(GoldList.parse(await goldExposures(db, project.id)), 200)
  })
  router.openapi(nextRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const next = RoundQuestion.parse(await nextOfRound(effects, rater))
    return c.json(aliasAnswer(aliases, c.var.project.id, next), 200)
  })
  router.openapi(answerRoute, async (c) => {
    const rater = await raterOf(effects, c.var.project.id, c.var.principal)
    const { draw } = c.req.valid('param')
    return c.json(RoundFeedback.parse(await answerOfRound(effects, rater, draw, c.req.valid('json'))), 200)
  })
  return router
}
