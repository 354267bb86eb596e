/** Sessions and passwords, by better-auth on our own tables. Nobody signs up: accounts come from links. */
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { Database } from '../db/connect.ts'
import { authAccounts, sessions, users, verifications } from './tables.ts'

const PASSWORD_LENGTH_MIN = 10
const PASSWORD_LENGTH_MAX = 128
const SESSION_SECONDS = 7 * 24 * 3600
const SESSION_REFRESH_SECONDS = 24 * 3600

export type Auth = ReturnType<typeof createAuth>

/** `https` makes cookies Secure. `secret` signs them: changing it signs everybody out. */
export function createAuth(db: Database, options: { readonly secret: string; readonly https: boolean }) {
  return betterAuth({
    appName: 'Leeway',
    baseURL: options.https ? 'https://localhost' : 'http://localhost',
    basePath: '/api/auth',
    secret: options.secret,
    database: drizzleAdapter(db, {
      provider: 'pg',
      schema: { user: users, session: sessions, account: authAccounts, verification: verifications },
    }),
    // Read with the session, so that knowing who asks needs no question more.
    user: { additionalFields: { disabled: { type: 'boolean', required: false, input: false } } },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: SESSION_REFRESH_SECONDS },
    advanced: {
      cookiePrefix: 'leeway',
      useSecureCookies: options.https,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
    },
    // Ours counts per address and account (http/rate-limit.ts); the Origin check is ours too (http/request-origin.ts).
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
}
