/** What happens when a link is opened: an account where there is none, a membership, or a new password. */
import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects, Role } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { projects } from '../projects/tables.ts'
import { inspectLink, takeLink } from './account-links.ts'
import type { Auth } from './auth.ts'
import { authAccounts, memberships, sessions, users } from './tables.ts'

export type Redemption = {
  readonly token: string
  readonly password: string
  readonly email?: string | undefined
  readonly name?: string | undefined
}

/** The account that may now sign in with the password. The link is used up only when all of it succeeds. */
export async function redeemLink(
  effects: Effects,
  auth: Auth,
  wanted: Redemption,
): Promise<{ readonly email: string }> {
  // First, so that a guessed token costs no password hash.
  const { purpose } = await inspectLink(effects, wanted.token)
  const passwords = (await auth.$context).password
  const hash = await passwords.hash(wanted.password)
  return effects.db.transaction(async (tx) => {
    const link = await takeLink(effects, tx, wanted.token)
    if (purpose === 'reset') return resetPassword(effects, tx, link.userId ?? '', hash)
    const email = required(wanted.email, 'email').toLowerCase()
    const [known] = await tx.select().from(users).where(eq(users.email, email))
    if (known?.disabled === true) throw disabled()
    let userId = known?.id
    if (userId === undefined) {
      userId = await createAccount(effects, tx, { email, name: required(wanted.name, 'name'), hash })
    } else if (!(await passwords.verify({ hash: await readHash(tx, userId), password: wanted.password }))) {
      throw new AppError(
        'unauthenticated',
        'This e-mail has an account here, and the password is not that account’s.',
        'Enter the password you have here already, or ask for a reset link.',
        { field: 'body.password' },
      )
    }
    if (link.projectId !== null) await join(effects, tx, link.projectId, userId, link.role as Role)
    else {
      for (const { id } of await tx.select({ id: projects.id }).from(projects)) {
        await join(effects, tx, id, userId, 'admin')
      }
    }
    return { email }
  })
}

async function resetPassword(effects: Effects, tx: Transaction, userId: string, hash: string) {
  const [user] = await tx.select().from(users).where(eq(users.id, userId))
  if (user === undefined || user.disabled) throw disabled()
  await tx
    .update(authAccounts)
    .set({ password: hash, updatedAt: effects.now() })
    .where(and(eq(authAccounts.userId, userId), eq(authAccounts.providerId, 'credential')))
  // Whoever knew the old password is out.
  await tx.delete(sessions).where(eq(sessions.userId, userId))
  return { email: user.email }
}

async function createAccount(
  effects: Effects,
  tx: Transaction,
  account: { readonly email: string; readonly name: string; readonly hash: string },
): Promise<string> {
  const userId = effects.newId()
  const at = effects.now()
  await tx.insert(users).values({
    id: userId,
    name: account.name,
    email: account.email,
    // Nobody sends mail here; the link came by another way.
    emailVerified: false,
    createdAt: at,
    updatedAt: at,
  })
  await tx.insert(authAccounts).values({
    id: effects.newId(),
    accountId: userId,
    providerId: 'credential',
    userId,
    password: account.hash,
    createdAt: at,
    updatedAt: at,
  })
  return userId
}

/** An admin link raises the role; an invitation leaves a member who is there already as they are. */
async function join(effects: Effects, tx: Transaction, projectId: string, userId: string, role: Role) {
  const at = effects.now()
  const row = { projectId, userId, role, createdAt: at }
  const insert = tx.insert(memberships).values(row)
  const target = [memberships.projectId, memberships.userId]
  const joined = await (role === 'admin'
    ? insert.onConflictDoUpdate({ target, set: { role } })
    : insert.onConflictDoNothing({ target })
  ).returning({ userId: memberships.userId })
  if (joined.length === 0) return
  await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at,
    actor: `person:${userId}`,
    action: 'member.joined',
    body: { userId, role },
  })
}

async function readHash(tx: Transaction, userId: string): Promise<string> {
  const [account] = await tx
    .select({ password: authAccounts.password })
    .from(authAccounts)
    .where(and(eq(authAccounts.userId, userId), eq(authAccounts.providerId, 'credential')))
  return account?.password ?? ''
}

function required(value: string | undefined, field: string): string {
  if (value !== undefined) return value
  throw new AppError('bad_request', `body.${field}: this link needs it to make the account.`, 'Fill it in.', {
    field: `body.${field}`,
  })
}

function disabled(): AppError {
  return new AppError('forbidden', 'This account is disabled.', 'Ask an admin of your project to enable it.')
}
