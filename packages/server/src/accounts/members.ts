/** Who belongs to a project, and ending that. Knows `memberships` and the parts of `users` that admins may change. */
import type { Member } from '@leeway/contract/accounts'
import { and, asc, eq, gt, ne } from 'drizzle-orm'
import { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import { actorOf, type Effects, type Principal, type Project, type Role } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { createLink, type MadeLink } from './account-links.ts'
import { memberships, sessions, users } from './tables.ts'

export type Act = { readonly project: Project; readonly principal: Principal }

export async function listMembers(
  { db }: Effects,
  project: Project,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const after = decodeCursor(page.cursor, z.tuple([z.string()]))?.[0]
  const rows = await memberQuery(db, project.id)
    .where(
      and(
        eq(memberships.projectId, project.id),
        after === undefined ? undefined : gt(memberships.userId, after),
      ),
    )
    .orderBy(asc(memberships.userId))
    .limit(page.limit + 1)
  const shown = pageOfRows(rows, page.limit, (row) => [row.userId])
  return { items: shown.rows.map(memberAnswer), nextCursor: shown.nextCursor }
}

export async function inviteMember(effects: Effects, act: Act, role: Role): Promise<MadeLink> {
  return effects.db.transaction(async (tx) => {
    const link = await createLink(effects, tx, {
      purpose: 'invite',
      projectId: act.project.id,
      role,
      createdBy: actorOf(act.principal),
    })
    await record(effects, tx, act, 'member.invited', { role })
    return link
  })
}

/** Throws AppError: not_found, forbidden (the account reaches beyond the caller), conflict (last admin). */
export async function changeMember(
  effects: Effects,
  act: Act,
  userId: string,
  change: { readonly role?: Role | undefined; readonly disabled?: boolean | undefined },
): Promise<Member> {
  return effects.db.transaction(async (tx) => {
    const before = await findMember(tx, act.project, userId)
    const loses = change.disabled === true || (change.role !== undefined && change.role !== 'admin')
    if (before.role === 'admin' && loses) await requireOtherAdmin(tx, act.project, userId)
    if (change.role !== undefined && change.role !== before.role) {
      await tx.update(memberships).set({ role: change.role }).where(isMember(act.project, userId))
      await record(effects, tx, act, 'member.changed', { userId, role: change.role })
    }
    if (change.disabled !== undefined && change.disabled !== before.disabled) {
      await requireWholeAccount(tx, act, userId)
      await tx
        .update(users)
        .set({ disabled: change.disabled, updatedAt: effects.now() })
        .where(eq(users.id, userId))
      if (change.disabled) await tx.delete(sessions).where(eq(sessions.userId, userId))
      await record(effects, tx, act, change.disabled ? 'member.disabled' : 'member.enabled', { userId })
    }
    return memberAnswer(await findMember(tx, act.project, userId))
  })
}

/** The account stays: it may belong to other projects. */
export async function removeMember(effects: Effects, act: Act, userId: string): Promise<void> {
  await effects.db.transaction(async (tx) => {
    const before = await findMember(tx, act.project, userId)
    if (before.role === 'admin') await requireOtherAdmin(tx, act.project, userId)
    await tx.delete(memberships).where(isMember(act.project, userId))
    await record(effects, tx, act, 'member.removed', { userId })
  })
}

export async function resetMember(effects: Effects, act: Act, userId: string): Promise<MadeLink> {
  return effects.db.transaction(async (tx) => {
    await findMember(tx, act.project, userId)
    await requireWholeAccount(tx, act, userId)
    const createdBy = actorOf(act.principal)
    const link = await createLink(effects, tx, { purpose: 'reset', userId, createdBy })
    await record(effects, tx, act, 'member.reset', { userId })
    return link
  })
}

function memberQuery(db: Effects['db'] | Transaction, projectId: string) {
  return db
    .select({
      userId: memberships.userId,
      name: users.name,
      email: users.email,
      role: memberships.role,
      disabled: users.disabled,
      since: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(memberships.projectId, projectId)))
}

async function findMember(tx: Transaction, project: Project, userId: string) {
  const [member] = await memberQuery(tx, project.id).where(isMember(project, userId)).for('update')
  if (member !== undefined) return member
  throw new AppError('not_found', 'This project has no such member.', 'The list of members shows their ids.')
}

/**
 * A password or an account that is switched off works in every project of that person. So only who is admin of all of
 * them may touch it: otherwise an admin of one could take over the account and walk into another.
 */
async function requireWholeAccount(tx: Transaction, { project, principal }: Act, userId: string) {
  if (principal.kind === 'key' && principal.keyId === 'local-admin') return
  const theirs = await tx
    .select({ projectId: memberships.projectId })
    .from(memberships)
    .where(eq(memberships.userId, userId))
  const mine =
    principal.kind === 'key'
      ? [{ projectId: project.id }]
      : await tx
          .select({ projectId: memberships.projectId })
          .from(memberships)
          .where(and(eq(memberships.userId, principal.userId), eq(memberships.role, 'admin')))
  const reach = new Set(mine.map(({ projectId }) => projectId))
  if (theirs.every(({ projectId }) => reach.has(projectId))) return
  throw new AppError(
    'forbidden',
    'This account also belongs to projects of which you are not an admin.',
    'Remove the member from this project instead, or ask the operator of the server.',
  )
}

async function requireOtherAdmin(tx: Transaction, project: Project, userId: string) {
  const others = await memberQuery(tx, project.id)
    .where(
      and(
        eq(memberships.projectId, project.id),
        eq(memberships.role, 'admin'),
        eq(users.disabled, false),
        ne(memberships.userId, userId),
      ),
    )
    .for('update')
  if (others.length > 0) return
  throw new AppError('conflict', 'This is the last admin of the project.', 'Make somebody else admin first.')
}

const isMember = (project: Project, userId: string) =>
  and(eq(memberships.projectId, project.id), eq(memberships.userId, userId))

async function record(effects: Effects, tx: Transaction, act: Act, action: string, body: unknown) {
  await appendLedger(tx, effects.ledgerSigner, {
    projectId: act.project.id,
    at: effects.now(),
    actor: actorOf(act.principal),
    action,
    body,
  })
}

type MemberRow = Omit<Member, 'role' | 'since'> & { readonly role: string; readonly since: Date }

function memberAnswer(row: MemberRow): Member {
  return { ...row, role: row.role as Role, since: row.since.toISOString() }
}
