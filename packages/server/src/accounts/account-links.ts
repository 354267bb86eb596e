/**
 * Links that open an account, once: for the first admin, for an invited member, for a forgotten password.
 *
 * Knows `account_links`. The token is seen by whoever asked for the link and is stored as SHA-256 only. It stands
 * behind the # of the address, which browsers send to nobody.
 */
import type { InspectedLink, LinkPurpose } from '@leeway/contract/accounts'
import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects, Role } from '../http/environment.ts'
import { projects } from '../projects/tables.ts'
import { sha256Hex } from './key-ring.ts'
import { accountLinks, users } from './tables.ts'

const MINUTE_MS = 60_000
const LIFETIME_MS: Readonly<Record<LinkPurpose, number>> = {
  // Printed on a terminal, for the person in front of it.
  admin: 15 * MINUTE_MS,
  invite: 72 * 60 * MINUTE_MS,
  reset: 72 * 60 * MINUTE_MS,
}

export type NewLink =
  | { readonly purpose: 'admin'; readonly createdBy: string }
  | {
      readonly purpose: 'invite'
      readonly projectId: string
      readonly role: Role
      readonly createdBy: string
    }
  | { readonly purpose: 'reset'; readonly userId: string; readonly createdBy: string }

/** `path` follows the server's address. It is a secret until the link is used. */
export type MadeLink = { readonly path: string; readonly expiresAt: Date }

export async function createLink(effects: Effects, tx: Transaction, link: NewLink): Promise<MadeLink> {
  const token = Buffer.from(effects.randomBytes(32)).toString('base64url')
  const createdAt = effects.now()
  const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS[link.purpose])
  await tx.insert(accountLinks).values({
    tokenSha256: sha256Hex(token),
    purpose: link.purpose,
    projectId: link.purpose === 'invite' ? link.projectId : null,
    role: link.purpose === 'invite' ? link.role : null,
    userId: link.purpose === 'reset' ? link.userId : null,
    createdBy: link.createdBy,
    createdAt,
    expiresAt,
    usedAt: null,
  })
  return { path: `/link#${token}`, expiresAt }
}

/** Who opens it becomes admin of every project there is then. Admin links made before end now. */
export async function issueAdminLink(effects: Effects): Promise<MadeLink> {
  return effects.db.transaction(async (tx) => {
    await tx.delete(accountLinks).where(and(eq(accountLinks.purpose, 'admin'), isNull(accountLinks.usedAt)))
    return createLink(effects, tx, { purpose: 'admin', createdBy: 'key:local-admin' })
  })
}

/** What a link is for, without using it. Throws AppError gone. */
export async function inspectLink(effects: Effects, token: string): Promise<InspectedLink> {
  const [link] = await effects.db
    .select({
      purpose: accountLinks.purpose,
      role: accountLinks.role,
      expiresAt: accountLinks.expiresAt,
      slug: projects.slug,
      projectName: projects.name,
      email: users.email,
    })
    .from(accountLinks)
    .leftJoin(projects, eq(projects.id, accountLinks.projectId))
    .leftJoin(users, eq(users.id, accountLinks.userId))
    .where(isOpen(effects, token))
  if (link === undefined) throw linkGone()
  return {
    purpose: link.purpose as LinkPurpose,
    project: link.slug === null ? null : { slug: link.slug, name: link.projectName ?? link.slug },
    role: link.role as Role | null,
    email: link.email,
    expiresAt: link.expiresAt.toISOString(),
  }
}

/** Uses the link up, in the caller's transaction. Of two at once one gets it. Throws AppError gone. */
export async function takeLink(
  effects: Effects,
  tx: Transaction,
  token: string,
): Promise<typeof accountLinks.$inferSelect> {
  const [link] = await tx
    .update(accountLinks)
    .set({ usedAt: effects.now() })
    .where(isOpen(effects, token))
    .returning()
  if (link === undefined) throw linkGone()
  return link
}

const isOpen = (effects: Effects, token: string) =>
  and(
    eq(accountLinks.tokenSha256, sha256Hex(token)),
    isNull(accountLinks.usedAt),
    gt(accountLinks.expiresAt, effects.now()),
  )

function linkGone(): AppError {
  return new AppError(
    'gone',
    'This link was used already, has expired, or never existed.',
    'Ask for a new one: an admin of the project makes invitations and resets, `leeway admin link` makes admin links.',
  )
}
