/** Signing in and out. better-auth checks passwords and keeps sessions; only these of its endpoints are reachable. */
import { createRoute, z } from '@hono/zod-openapi'
import { Me, Session, SignIn } from '@leeway/contract/accounts'
import { eq } from 'drizzle-orm'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, KEY_OR_SESSION } from '../http/feature-router.ts'
import { requireOwnOriginOfPage } from '../http/request-origin.ts'
import type { AccountServices } from './account-services.ts'
import { identify } from './identity.ts'
import { meOf } from './person-projects.ts'
import { startSession } from './start-session.ts'
import { sessions, users } from './tables.ts'

const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
})

const me = createRoute({
  method: 'get',
  path: '/me',
  summary: 'Who asks, and which projects they may enter',
  security: KEY_OR_SESSION,
  responses: { 200: json('Who asks', Me) },
})

const signIn = createRoute({
  method: 'post',
  path: '/auth/sign-in/email',
  summary: 'Sign in',
  request: { body: { required: true, content: { 'application/json': { schema: SignIn } } } },
  responses: {
    200: json('Signed in; the session is in a cookie', z.object({ name: z.string(), email: z.string() })),
  },
})

const signOut = createRoute({
  method: 'post',
  path: '/auth/sign-out',
  summary: 'Sign out',
  responses: { 200: json('Signed out', z.object({ signedOut: z.boolean() })) },
})

const getSession = createRoute({
  method: 'get',
  path: '/auth/get-session',
  summary: 'The session of the cookie, if any',
  responses: { 200: json('The session', z.object({ session: Session.nullable() })) },
})

export function sessionRoutes(effects: Effects, accounts: AccountServices): FeatureRouter {
  const { auth, identity } = accounts
  const router = featureRouter()
  router.openapi(me, async (c) => {
    const who = await identify(c, identity)
    return c.json(await meOf(effects, who), 200)
  })
  router.openapi(signIn, async (c) => {
    // Before anything else: another site must not be able to sign a visitor in as somebody.
    requireOwnOriginOfPage(c, identity.publicUrl)
    const { email, password } = c.req.valid('json')
    accounts.limitLogin(c, email)
    await startSession(c, accounts, { email, password })
    const [user] = await effects.db.select().from(users).where(eq(users.email, email.toLowerCase()))
    if (user === undefined) throw new Error('the account vanished')
    if (user.disabled) {
      await effects.db.delete(sessions).where(eq(sessions.userId, user.id))
      c.header('set-cookie', undefined)
      throw new AppError(
        'forbidden',
        'This account is disabled.',
        'Ask an admin of your project to enable it.',
      )
    }
    return c.json({ name: user.name, email: user.email }, 200)
  })
  router.openapi(signOut, async (c) => {
    requireOwnOriginOfPage(c, identity.publicUrl)
    const answer = await auth.api.signOut({ headers: c.req.raw.headers, asResponse: true })
    for (const cookie of answer.headers.getSetCookie()) c.header('set-cookie', cookie, { append: true })
    return c.json({ signedOut: true }, 200)
  })
  router.openapi(getSession, async (c) => {
    const found = await auth.api.getSession({ headers: c.req.raw.headers })
    const [user] =
      found === null ? [] : await effects.db.select().from(users).where(eq(users.id, found.user.id))
    if (found === null || user === undefined || user.disabled) return c.json({ session: null }, 200)
    const expiresAt = found.session.expiresAt.toISOString()
    return c.json({ session: { name: user.name, email: user.email, expiresAt } }, 200)
  })
  return router
}
