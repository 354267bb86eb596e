/** HTTP of validity rounds. One who takes part is told one fault after the other, and of none whether it was planted. */
import { z } from '@hono/zod-openapi'
import {
  AnswerValidity,
  agreeToValidity as agreeEndpoint,
  EndValidityRound,
  OpenValidityRound,
  ValidityOffers,
  ValidityReport,
  ValidityTurn,
} from '@leeway/contract/validity'
import type { Context } from 'hono'
import type { AccountServices } from '../accounts/account-services.ts'
import { aliasAnswer } from '../episodes/alias-answer.ts'
import { actorOf, type Effects, type ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { shownCopies } from '../planted-faults/shown-copies.ts'
import { isParticipant, participantOf } from './participant-of.ts'
import { endValidityRound, openValidityRound } from './rounds.ts'
import { agreeToValidity, answerValidity, validityOffers, validityTurn } from './take-part.ts'
import { validityReport } from './validity-report.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const params = z.object({ round: z.uuid() })

const reportRoute = projectRoute({
  method: 'get',
  path: '/validity-rounds',
  scope: 'admin',
  summary: 'Whether people tell planted faults from natural ones',
  responses: { 200: json(ValidityReport, 'By operator, over all rounds.') },
})
const openRoute = projectRoute({
  method: 'post',
  path: '/validity-rounds',
  scope: 'admin',
  summary: 'Open a round in which people say which faults were planted',
  request: body(OpenValidityRound),
  responses: { 200: json(ValidityReport, 'With the new round; raters find it in their inbox.') },
})
const endRoute = projectRoute({
  method: 'post',
  path: '/validity-rounds/{round}/end',
  scope: 'admin',
  summary: 'End a validity round',
  request: { params, ...body(EndValidityRound) },
  responses: { 200: json(ValidityReport, 'With the seed of the round.') },
})
const offersRoute = projectRoute({
  method: 'get',
  path: '/review/validity-rounds',
  scope: 'rate',
  summary: 'Validity rounds that you take part in, or may',
  responses: { 200: json(ValidityOffers, 'With what you would agree to.') },
})
const agreeRoute = projectRoute({
  method: 'post',
  path: '/review/validity-rounds/{round}/agree',
  scope: 'rate',
  summary: 'Agree to take part',
  request: { params, ...body(agreeEndpoint.body) },
  responses: { 200: json(ValidityTurn, 'The first fault.') },
})
const turnRoute = projectRoute({
  method: 'get',
  path: '/review/validity-rounds/{round}',
  scope: 'rate',
  summary: 'The fault you are at in a validity round',
  request: { params },
  responses: { 200: json(ValidityTurn, 'Null when you have answered all.') },
})
const answerRoute = projectRoute({
  method: 'post',
  path: '/review/validity-rounds/{round}/answer',
  scope: 'rate',
  summary: 'Say whether the fault you are at was planted; the first answer stands',
  request: { params, ...body(AnswerValidity) },
  responses: { 200: json(ValidityTurn, 'What comes next.') },
})

export function validityRoutes(
  effects: Effects,
  { aliases }: Pick<AccountServices, 'aliases'>,
): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  const report = async (projectId: string) => ValidityReport.parse(await validityReport(db, projectId))
  const turn = async (c: Context<ProjectEnv>, roundId: string) => {
    const { project, principal } = c.var
    const who = await participantOf(effects, project.id, principal)
    const { knownAs } = await shownCopies(db, project.id, principal)
    const told = ValidityTurn.parse(await validityTurn(db, who, roundId))
    return aliasAnswer(aliases, project.id, told, knownAs)
  }

  router.openapi(reportRoute, async (c) => c.json(await report(c.var.project.id), 200))
  router.openapi(openRoute, async (c) => {
    const { project, principal } = c.var
    await openValidityRound(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(await report(project.id), 200)
  })
  router.openapi(endRoute, async (c) => {
    const { project, principal } = c.var
    const { round } = c.req.valid('param')
    await endValidityRound(effects, project.id, actorOf(principal), round, c.req.valid('json').reason)
    return c.json(await report(project.id), 200)
  })
  router.openapi(offersRoute, async (c) => {
    const { project, principal } = c.var
    const rounds = isParticipant(principal)
      ? await validityOffers(db, await participantOf(effects, project.id, principal))
      : []
    return c.json(ValidityOffers.parse({ rounds }), 200)
  })
  router.openapi(agreeRoute, async (c) => {
    const who = await participantOf(effects, c.var.project.id, c.var.principal)
    const { round } = c.req.valid('param')
    await agreeToValidity(effects, who, round)
    return c.json(await turn(c, round), 200)
  })
  router.openapi(turnRoute, async (c) => c.json(await turn(c, c.req.valid('param').round), 200))
  router.openapi(answerRoute, async (c) => {
    const who = await participantOf(effects, c.var.project.id, c.var.principal)
    const { round } = c.req.valid('param')
    await answerValidity(effects, who, round, c.req.valid('json'))
    return c.json(await turn(c, round), 200)
  })
  return router
}
