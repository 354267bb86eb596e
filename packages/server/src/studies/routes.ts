/** HTTP of studies. One who takes part is told what comes next and nothing of arms, others, or what is known. */
import { z } from '@hono/zod-openapi'
import {
  AnswerStudy,
  agreeToStudy,
  SetUpStudy,
  StopStudy,
  StudyList,
  StudyOffers,
  StudyTurn,
  StudyView,
} from '@leeway/contract/studies'
import type { AccountServices } from '../accounts/account-services.ts'
import { raterOf } from '../assignments/rater-of.ts'
import { aliasAnswer } from '../episodes/alias-answer.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { setUpStudy } from './set-up-study.ts'
import { stopStudy } from './stop-study.ts'
import { allStudies } from './stored-study.ts'
import { answerStudy, studyTurn } from './study-turn.ts'
import { studyView } from './study-view.ts'
import { agree, offersTo, type Participant } from './take-part.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const params = z.object({ study: z.uuid() })

const listRoute = projectRoute({
  method: 'get',
  path: '/studies',
  scope: 'read',
  summary: 'Studies with people',
  responses: { 200: json(StudyList, 'Newest first.') },
})
const setUpRoute = projectRoute({
  method: 'post',
  path: '/studies',
  scope: 'admin',
  summary: 'Fix a study before its first answer',
  request: body(SetUpStudy),
  responses: { 200: json(StudyView, 'Its hash is in the ledger.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/studies/{study}',
  scope: 'read',
  summary: 'How far a study is, and what it shows once it is over',
  request: { params },
  responses: { 200: json(StudyView, 'No results before the planned answers are in.') },
})
const stopRoute = projectRoute({
  method: 'post',
  path: '/studies/{study}/stop',
  scope: 'admin',
  summary: 'End a study early, for a reason that its report states',
  request: { params, ...body(StopStudy) },
  responses: { 200: json(StudyView, 'Over.') },
})
const offersRoute = projectRoute({
  method: 'get',
  path: '/review/studies',
  scope: 'rate',
  summary: 'Studies that you take part in, or may',
  responses: { 200: json(StudyOffers, 'With what you would agree to.') },
})
const agreeRoute = projectRoute({
  method: 'post',
  path: '/review/studies/{study}/agree',
  scope: 'rate',
  summary: 'Agree to take part',
  request: { params, ...body(agreeToStudy.body) },
  responses: { 200: json(StudyTurn, 'Your first question.') },
})
const turnRoute = projectRoute({
  method: 'get',
  path: '/review/studies/{study}',
  scope: 'rate',
  summary: 'The question you are at in a study',
  request: { params },
  responses: { 200: json(StudyTurn, 'Null when you have answered all.') },
})
const answerRoute = projectRoute({
  method: 'post',
  path: '/review/studies/{study}/answer',
  scope: 'rate',
  summary: 'Answer the question you are at; the first answer stands',
  request: { params, ...body(AnswerStudy) },
  responses: { 200: json(StudyTurn, 'What comes next.') },
})

export function studyRoutes(effects: Effects, { aliases }: Pick<AccountServices, 'aliases'>): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  const turn = async (who: Participant, study: string) =>
    aliasAnswer(aliases, who.projectId, StudyTurn.parse(await studyTurn(db, who, study)))

  router.openapi(listRoute, async (c) => {
    const found = await allStudies(db, c.var.project.id)
    return c.json(StudyList.parse({ studies: found.map(({ summary }) => summary) }), 200)
  })
  router.openapi(setUpRoute, async (c) => {
    const { project, principal } = c.var
    const id = await setUpStudy(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(StudyView.parse(await studyView(db, project.id, id)), 200)
  })
  router.openapi(showRoute, async (c) =>
    c.json(StudyView.parse(await studyView(db, c.var.project.id, c.req.valid('param').study)), 200),
  )
  router.openapi(stopRoute, async (c) => {
    const { project, principal } = c.var
    const { study } = c.req.valid('param')
    await stopStudy(effects, project.id, actorOf(principal), study, c.req.valid('json').reason)
    return c.json(StudyView.parse(await studyView(db, project.id, study)), 200)
  })
  router.openapi(offersRoute, async (c) => {
    const who = await raterOf(effects, c.var.project.id, c.var.principal)
    return c.json(StudyOffers.parse({ studies: await offersTo(db, who) }), 200)
  })
  router.openapi(agreeRoute, async (c) => {
    const who = await raterOf(effects, c.var.project.id, c.var.principal)
    const { study } = c.req.valid('param')
    await agree(effects, who, study)
    return c.json(await turn(who, study), 200)
  })
  router.openapi(turnRoute, async (c) => {
    const who = await raterOf(effects, c.var.project.id, c.var.principal)
    return c.json(await turn(who, c.req.valid('param').study), 200)
  })
  router.openapi(answerRoute, async (c) => {
    const who = await raterOf(effects, c.var.project.id, c.var.principal)
    const { study } = c.req.valid('param')
    await answerStudy(effects, who, study, c.req.valid('json'))
    return c.json(await turn(who, study), 200)
  })
  return router
}
