/** HTTP of links: look at one, open one; and the admin link for whoever runs this server. */
import { createRoute, z } from '@hono/zod-openapi'
import { InspectedLink, InspectLink, IssuedLink, Me, RedeemLink } from '@leeway/contract/accounts'
import { eq } from 'drizzle-orm'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter } from '../http/feature-router.ts'
import { requireOwnOriginOfPage } from '../http/request-origin.ts'
import { inspectLink, issueAdminLink } from './account-links.ts'
import type { AccountServices } from './account-services.ts'
import { identify } from './identity.ts'
import { meOf } from './person-projects.ts'
import { redeemLink } from './redeem-link.ts'
import { startSession } from './start-session.ts'
import { users } from './tables.ts'

const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
const answer = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
})

// POST: the token must not stand in an address that logs and proxies keep.
const inspect = createRoute({
  method: 'post',
  path: '/links/inspect',
  summary: 'What a link is for, without using it',
  request: body(InspectLink),
  responses: { 200: answer('What it is for', InspectedLink) },
})

const redeem = createRoute({
  method: 'post',
  path: '/links/redeem',
  summary: 'Use a link: an account, a membership or a new password, and a session',
  request: body(RedeemLink),
  responses: { 200: answer('Who is signed in now', Me) },
})

const adminLink = createRoute({
  method: 'post',
  path: '/admin/link',
  summary: 'A new admin link, for the operator of the server; ends those issued before',
  security: [{ key: [] }],
  request: body(z.object({})),
  responses: { 201: answer('The link, shown once', IssuedLink) },
})

export function linkRoutes(effects: Effects, accounts: AccountServices): FeatureRouter {
  const router = featureRouter()
  router.openapi(inspect, async (c) => {
    accounts.limitAddress(c)
    return c.json(await inspectLink(effects, c.req.valid('json').token), 200)
  })
  router.openapi(redeem, async (c) => {
    requireOwnOriginOfPage(c, accounts.identity.publicUrl)
    const wanted = c.req.valid('json')
    accounts.limitLogin(c, wanted.email ?? 'reset')
    const { email } = await redeemLink(effects, accounts.auth, wanted)
    await startSession(c, accounts, { email, password: wanted.password })
    const [user] = await effects.db.select().from(users).where(eq(users.email, email))
    if (user === undefined) throw new Error('the account vanished')
    const person = { kind: 'person', userId: user.id, name: user.name, email } as const
    return c.json(await meOf(effects, person), 200)
  })
  router.openapi(adminLink, async (c) => {
    const identity = await identify(c, accounts.identity)
    if (identity.kind !== 'operator') {
      throw new AppError(
        'forbidden',
        'Admin links are for whoever runs this server.',
        'Run `leeway admin link` on its machine.',
      )
    }
    const link = await issueAdminLink(effects)
    const url = `${accounts.pageUrl(c)}${link.path}`
    return c.json({ url, expiresAt: link.expiresAt.toISOString() }, 201)
  })
  return router
}
