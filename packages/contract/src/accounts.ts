/** People, links, API keys and provider keys. No answer ever holds a password, a stored key or a stored token. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PageQuery, pageOf } from './page.ts'
import { RoleName } from './projects.ts'

export const SCOPE_NAMES = ['read', 'ingest', 'act', 'rate', 'release', 'admin'] as const
export const ScopeName = z.enum(SCOPE_NAMES)

const Email = z.email().max(254)
const Password = z.string().min(10, 'expected at least 10 characters').max(128)
const PersonName = z.string().trim().min(1).max(200)
const LinkToken = z.string().regex(/^[\w-]{43}$/, 'expected the 43 characters after # in the link')

export const Me = z.object({
  kind: z.enum(['person', 'key', 'operator']),
  name: z.string(),
  /** null unless a person asks. */
  email: z.string().nullable(),
  projects: z.array(z.object({ slug: z.string(), name: z.string(), role: RoleName.nullable() })),
})
export type Me = z.infer<typeof Me>

export const SignIn = z.object({ email: z.string().max(254), password: z.string().max(128) })
export const Session = z.object({ name: z.string(), email: z.string(), expiresAt: z.iso.datetime() })

export const showMe = endpoint({ method: 'GET', path: '/api/me', response: Me })
export const signIn = endpoint({
  method: 'POST',
  path: '/api/auth/sign-in/email',
  body: SignIn,
  response: z.object({ name: z.string(), email: z.string() }),
})
export const signOut = endpoint({
  method: 'POST',
  path: '/api/auth/sign-out',
  body: z.object({}),
  response: z.object({ signedOut: z.boolean() }),
})
/** null when nobody is signed in. */
export const getSession = endpoint({
  method: 'GET',
  path: '/api/auth/get-session',
  response: z.object({ session: Session.nullable() }),
})

export const LINK_PURPOSES = ['admin', 'invite', 'reset'] as const
export const LinkPurpose = z.enum(LINK_PURPOSES)
export type LinkPurpose = z.infer<typeof LinkPurpose>

export const InspectedLink = z.object({
  purpose: LinkPurpose,
  /** Project of an invitation; null for the others. */
  project: z.object({ slug: z.string(), name: z.string() }).nullable(),
  role: RoleName.nullable(),
  /** Whose password a reset link sets. */
  email: z.string().nullable(),
  expiresAt: z.iso.datetime(),
})
export type InspectedLink = z.infer<typeof InspectedLink>

export const InspectLink = z.object({ token: LinkToken })
export const RedeemLink = z.object({
  token: LinkToken,
  password: Password,
  /** Not for a reset link. An e-mail that has an account here needs that account's password. */
  email: Email.optional(),
  name: PersonName.optional(),
})

export const inspectLink = endpoint({
  method: 'POST',
  path: '/api/links/inspect',
  body: InspectLink,
  response: InspectedLink,
})
export const redeemLink = endpoint({
  method: 'POST',
  path: '/api/links/redeem',
  body: RedeemLink,
  response: Me,
})

/** `url` is shown once; only its hash is stored. */
export const IssuedLink = z.object({ url: z.string(), expiresAt: z.iso.datetime() })
export type IssuedLink = z.infer<typeof IssuedLink>

/** For the operator of the server alone (token of the data directory). Ends admin links issued before. */
export const issueAdminLink = endpoint({
  method: 'POST',
  path: '/api/admin/link',
  body: z.object({}),
  response: IssuedLink,
})

export const Member = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: RoleName,
  disabled: z.boolean(),
  since: z.iso.datetime(),
})
export type Member = z.infer<typeof Member>
export const MemberPage = pageOf(Member)
export const ChangeMember = z
  .object({ role: RoleName.optional(), disabled: z.boolean().optional() })
  .refine((change) => change.role !== undefined || change.disabled !== undefined, 'expected role or disabled')
export const Invite = z.object({ role: RoleName })

export const listMembers = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/members',
  query: PageQuery,
  response: MemberPage,
})
export const inviteMember = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/members/invite',
  body: Invite,
  response: IssuedLink,
})
export const changeMember = endpoint({
  method: 'PATCH',
  path: '/api/projects/{project}/members/{userId}',
  body: ChangeMember,
  response: Member,
})
export const removeMember = endpoint({ method: 'DELETE', path: '/api/projects/{project}/members/{userId}' })
export const resetMember = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/members/{userId}/reset',
  body: z.object({}),
  response: IssuedLink,
})

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  /** First characters of the key. */
  prefix: z.string(),
  scopes: z.array(ScopeName),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>
export const ApiKeyPage = pageOf(ApiKey)
export const CreateApiKey = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(ScopeName).min(1).max(SCOPE_NAMES.length),
  /** Days until it expires; null never. */
  expiresInDays: z.number().int().min(1).max(3_650).nullable().default(90),
})
/** `key` is shown once; only its hash is stored. */
export const CreatedApiKey = ApiKey.extend({ key: z.string() })

export const listApiKeys = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/keys',
  query: PageQuery,
  response: ApiKeyPage,
})
export const createApiKey = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/keys',
  body: CreateApiKey,
  response: CreatedApiKey,
})
export const revokeApiKey = endpoint({ method: 'DELETE', path: '/api/projects/{project}/keys/{keyId}' })

export const ProviderKey = z.object({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
})
export type ProviderKey = z.infer<typeof ProviderKey>
export const ProviderKeyPage = pageOf(ProviderKey)
export const CreateProviderKey = z.object({
  provider: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected 1 to 63 of a-z, 0-9 and -'),
  name: z.string().trim().min(1).max(100),
  secret: z.string().min(1).max(10_000),
})

export const listProviderKeys = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/provider-keys',
  query: PageQuery,
  response: ProviderKeyPage,
})
export const createProviderKey = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/provider-keys',
  body: CreateProviderKey,
  response: ProviderKey,
})
export const revokeProviderKey = endpoint({
  method: 'DELETE',
  path: '/api/projects/{project}/provider-keys/{keyId}',
})
