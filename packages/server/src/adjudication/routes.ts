/** HTTP of adjudication: for experts and admins in person. Experts are raters, so every answer is built from an allow-list. */
import { z } from '@hono/zod-openapi'
import {
  Decide,
  DisagreementPage,
  DisagreementView,
  listDisagreements as listEndpoint,
  TakeBack,
} from '@leeway/contract/adjudication'
import type { Context } from 'hono'
import type { AccountServices } from '../accounts/account-services.ts'
import { aliasAnswer } from '../episodes/alias-answer.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import { actorOf, type Effects, type ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { adjudicatorOf } from './adjudicator-of.ts'
import { decide, takeBack } from './decide.ts'
import { disagreementView } from './disagreement-view.ts'
import { countDisagreements, type Item, listDisagreements } from './disagreements.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const params = z.object({ episode: z.uuid(), criterion: z.string().length(64) })
const Cursor = z.tuple([z.number().int().min(0).max(1), z.string().length(32)])

const listRoute = projectRoute({
  method: 'get',
  path: '/adjudication',
  scope: 'rate',
  summary: 'List questions on which trusted people disagree, waiting ones first',
  request: { query: listEndpoint.query },
  responses: { 200: json(DisagreementPage, 'Without those that you answered yourself.') },
})
const showRoute = projectRoute({
  method: 'get',
  path: '/adjudication/{episode}/{criterion}',
  scope: 'rate',
  summary: 'Show what people said of a question on which they disagree',
  request: { params },
  responses: { 200: json(DisagreementView, 'Nobody is named.') },
})
const decideRoute = projectRoute({
  method: 'post',
  path: '/adjudication/{episode}/{criterion}',
  scope: 'rate',
  summary: 'Say what is right where people disagree, or correct it',
  request: { params, ...body(Decide) },
  responses: { 200: json(DisagreementView, 'As it stands now.') },
})
const undoRoute = projectRoute({
  method: 'post',
  path: '/adjudication/{episode}/{criterion}/undo',
  scope: 'rate',
  summary: 'Take your decision back while no release has been checked since',
  request: { params, ...body(TakeBack) },
  responses: { 200: json(DisagreementView, 'It waits again.') },
})

export function adjudicationRoutes(
  effects: Effects,
  { aliases }: Pick<AccountServices, 'aliases'>,
): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  const adjudicator = (c: Context<ProjectEnv>) => adjudicatorOf(effects, c.var.project.id, c.var.principal)
  const hidden = <Body>(c: Context<ProjectEnv>, answer: Body): Body =>
    aliasAnswer(aliases, c.var.project.id, answer)
  const itemOf = (c: Context<ProjectEnv>, named: z.output<typeof params>): Item => ({
    episodeId: aliases.idOf(c.var.project.id, named.episode) ?? named.episode,
    criterionSha256: named.criterion,
  })

  router.openapi(listRoute, async (c) => {
    const who = await adjudicator(c)
    const { limit, cursor } = c.req.valid('query')
    const key = decodeCursor(cursor, Cursor)
    const after = key === undefined ? null : { decided: key[0] === 1, place: key[1] }
    const found = await listDisagreements(db, who, { limit: limit + 1, after })
    const page = pageOfRows(found, limit, (row) => [Number(row.decided), row.place])
    const view = { items: page.rows, nextCursor: page.nextCursor, ...(await countDisagreements(db, who)) }
    return c.json(hidden(c, DisagreementPage.parse(view)), 200)
  })
  router.openapi(showRoute, async (c) => {
    const view = await disagreementView(db, await adjudicator(c), itemOf(c, c.req.valid('param')))
    return c.json(hidden(c, DisagreementView.parse(view)), 200)
  })
  router.openapi(decideRoute, async (c) => {
    const who = await adjudicator(c)
    const item = itemOf(c, c.req.valid('param'))
    await decide(effects, who, actorOf(c.var.principal), item, c.req.valid('json'))
    return c.json(hidden(c, DisagreementView.parse(await disagreementView(db, who, item))), 200)
  })
  router.openapi(undoRoute, async (c) => {
    const who = await adjudicator(c)
    const item = itemOf(c, c.req.valid('param'))
    await takeBack(effects, who, actorOf(c.var.principal), item, c.req.valid('json').decision)
    return c.json(hidden(c, DisagreementView.parse(await disagreementView(db, who, item))), 200)
  })
  return router
}
