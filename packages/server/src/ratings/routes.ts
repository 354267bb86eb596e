/** HTTP of ratings: what was answered, for those who may see everything, and answers from elsewhere. */
import { z } from '@hono/zod-openapi'
import { pageOf } from '@leeway/contract/page'
import { ImportedRatings, ImportRatings, RatingQuery, RatingView } from '@leeway/contract/raters'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import { actorOf, type Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { importRatings } from './import-ratings.ts'
import { listRatings } from './list-ratings.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const listRoute = projectRoute({
  method: 'get',
  path: '/ratings',
  scope: 'read',
  summary: 'List ratings that stand, newest first',
  request: { query: RatingQuery },
  responses: { 200: json(pageOf(RatingView), 'A page.') },
})
const importRoute = projectRoute({
  method: 'post',
  path: '/ratings',
  // Not `rate`: who may answer for themselves may not answer in the name of others.
  scope: 'admin',
  summary: 'Import answers of raters outside Leeway',
  request: { body: { content: { 'application/json': { schema: ImportRatings } }, required: true } },
  responses: { 200: json(ImportedRatings, 'What came in, what was there, and what was refused.') },
})

export function ratingRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(listRoute, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query')
    const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null
    const rows = await listRatings(effects.db, c.var.project.id, filter, { limit: limit + 1, before })
    const page = pageOfRows(rows, limit, ({ id }) => [id])
    return c.json({ items: [...page.rows], nextCursor: page.nextCursor }, 200)
  })
  router.openapi(importRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await importRatings(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })
  return router
}
