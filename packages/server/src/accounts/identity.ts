/** Who sent a request, whatever project it is about. Knows cookies and bearer tokens; knows nothing of roles. */
import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { requireOwnOrigin } from '../http/request-origin.ts'
import type { Auth } from './auth.ts'
import { type ApiKey, type KeyRing, sha256Hex } from './key-ring.ts'

export type Person = {
  readonly kind: 'person'
  readonly userId: string
  readonly name: string
  readonly email: string
}
export type Identity = Person | ({ readonly kind: 'key' } & ApiKey) | { readonly kind: 'operator' }

export type IdentityParts = {
  readonly effects: Effects
  readonly auth: Auth
  readonly keyRing: KeyRing
  readonly localAdminTokenSha256: string | undefined
  readonly publicUrl: string | undefined
  /** Counts failed keys by address. */
  readonly onBadKey: (c: Context) => void
  readonly onKey: (keyId: string) => void
}

/** Throws AppError: unauthenticated, forbidden (a write of a foreign page), rate_limited. */
export async function identify(c: Context, parts: IdentityParts): Promise<Identity> {
  const authorization = c.req.header('authorization')
  return authorization === undefined ? identifySession(c, parts) : identifyToken(c, authorization, parts)
}

async function identifyToken(c: Context, authorization: string, parts: IdentityParts): Promise<Identity> {
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (token !== undefined && isLocalAdmin(token, parts.localAdminTokenSha256)) return { kind: 'operator' }
  const key = token?.startsWith('lw_') === true ? await parts.keyRing.find(token) : undefined
  if (key === undefined) {
    parts.onBadKey(c)
    throw new AppError(
      'unauthenticated',
      'The key in the Authorization header is unknown, revoked or expired.',
      'Send "Authorization: Bearer lw_…" with a key that an admin of the project made.',
    )
  }
  parts.onKey(key.keyId)
  return { kind: 'key', ...key }
}

async function identifySession(c: Context, parts: IdentityParts): Promise<Identity> {
  const person = c.req.header('cookie') === undefined ? undefined : await readSession(c, parts)
  if (person === undefined) {
    throw new AppError(
      'unauthenticated',
      'This needs a session or an API key, and the request has neither.',
      'Sign in, or send "Authorization: Bearer lw_…".',
    )
  }
  requireOwnOrigin(c, parts.publicUrl)
  return person
}

async function readSession(c: Context, { auth }: IdentityParts): Promise<Person | undefined> {
  const { response, headers } = await auth.api.getSession({ headers: c.req.raw.headers, returnHeaders: true })
  if (response === null || response.user.disabled !== false) return undefined
  // A session in use is prolonged, and so must its cookie be.
  for (const cookie of headers?.getSetCookie() ?? []) c.header('set-cookie', cookie, { append: true })
  const { id, name, email } = response.user
  return { kind: 'person', userId: id, name, email }
}

function isLocalAdmin(token: string, expectedSha256: string | undefined): boolean {
  if (expectedSha256 === undefined) return false
  return timingSafeEqual(Buffer.from(sha256Hex(token)), Buffer.from(expectedSha256))
}
