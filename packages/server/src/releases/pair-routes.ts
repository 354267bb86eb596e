/** HTTP of the pairs of a release, side by side and blind. Not for raters: to them `comparisons` gives pairs, each by itself. */
import { z } from '@hono/zod-openapi'
import { PageQuery } from '@leeway/contract/page'
import { PairPage } from '@leeway/contract/releases'
import type { AccountServices } from '../accounts/account-services.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { listPairs } from './pair-views.ts'
import { requireRelease } from './start-release.ts'

const pairsRoute = projectRoute({
  method: 'get',
  path: '/releases/{release}/pairs',
  scope: 'read',
  summary: 'List the pairs of a release that differ, blind to which side is the candidate',
  request: { params: z.object({ release: z.uuid() }), query: PageQuery },
  responses: {
    200: {
      description: 'A page, in the order of the draw.',
      content: { 'application/json': { schema: PairPage } },
    },
  },
})

export function pairRoutes(effects: Effects, { aliases }: Pick<AccountServices, 'aliases'>): FeatureRouter {
  const router = featureRouter()
  router.openapi(pairsRoute, async (c) => {
    const release = await requireRelease(effects, c.var.project.id, c.req.valid('param').release)
    const { limit, cursor } = c.req.valid('query')
    const after = decodeCursor(cursor, z.tuple([z.number().int()]))?.[0] ?? 0
    const rows = await listPairs(effects.db, aliases, release, { limit: limit + 1, after })
    const page = pageOfRows(rows, limit, ({ sequence }) => [sequence])
    return c.json({ items: [...page.rows], nextCursor: page.nextCursor }, 200)
  })
  return router
}
