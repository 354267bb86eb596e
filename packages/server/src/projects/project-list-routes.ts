/** The list of projects one may enter, and making another. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { PageQuery } from '@leeway/contract/page'
import { CreateProject, Project, ProjectPage } from '@leeway/contract/projects'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { AccountServices } from '../accounts/account-services.ts'
import { type Identity, identify } from '../accounts/identity.ts'
import { memberships } from '../accounts/tables.ts'
import { AppError } from '../http/app-error.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import type { Effects, Role } from '../http/environment.ts'
import { KEY_OR_SESSION } from '../http/feature-router.ts'
import { idempotencyKeyOf, rememberCreation } from '../http/idempotency.ts'
import { refuseInvalid } from '../http/validation.ts'
import { createProject } from './create-project.ts'
import { projectAnswer } from './project-routes.ts'
import { findProjectBySlug, findProjects } from './project-store.ts'

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'Projects you may enter',
  security: KEY_OR_SESSION,
  request: { query: PageQuery },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: ProjectPage } } } },
})

const create = createRoute({
  method: 'post',
  path: '/',
  summary: 'Make a project; for the operator, and for people who are admin of one',
  security: KEY_OR_SESSION,
  request: { body: { required: true, content: { 'application/json': { schema: CreateProject } } } },
  responses: { 201: { description: 'Made', content: { 'application/json': { schema: Project } } } },
})

type ListEnv = { Variables: { identity: Identity } }

export function projectListRoutes(effects: Effects, accounts: AccountServices): OpenAPIHono<ListEnv> {
  const router = new OpenAPIHono<ListEnv>({ defaultHook: refuseInvalid })
  // Before the body is looked at: what is wrong with a request concerns only who may make it.
  router.on(['GET', 'POST'], '/', async (c, next) => {
    c.set('identity', await identify(c, accounts.identity))
    await next()
  })
  router.openapi(list, async (c) => {
    const { identity } = c.var
    const { limit, cursor } = c.req.valid('query')
    const afterSlug = decodeCursor(cursor, z.tuple([z.string()]))?.[0]
    const roles = identity.kind === 'person' ? await rolesOf(effects, identity.userId) : undefined
    const ids =
      roles !== undefined ? [...roles.keys()] : identity.kind === 'key' ? [identity.projectId] : 'all'
    const rows = await findProjects(effects.db, { ids, afterSlug, limit: limit + 1 })
    const page = pageOfRows(rows, limit, (row) => [row.slug])
    const items = page.rows.map((row) => projectAnswer(row, roles?.get(row.id) ?? null))
    return c.json({ items, nextCursor: page.nextCursor }, 200)
  })
  router.openapi(create, async (c) => {
    const { identity } = c.var
    await requireSomeAdmin(effects, identity)
    // A malformed key is refused before anything is made.
    idempotencyKeyOf(c)
    const wanted = c.req.valid('json')
    const by =
      identity.kind === 'person'
        ? { actor: `person:${identity.userId}`, adminUserId: identity.userId }
        : { actor: 'key:local-admin' }
    const { created } = await createProject(effects, wanted, by)
    const row = await findProjectBySlug(effects.db, wanted.slug)
    if (row === undefined) throw new Error('the project vanished')
    const answer = await rememberCreation(effects, c, {
      projectId: row.id,
      actor: by.actor,
      made: created ? projectAnswer(row, identity.kind === 'person' ? 'admin' : null) : null,
    })
    if (answer === undefined) {
      throw new AppError('conflict', `The name "${wanted.slug}" is taken.`, 'Choose another.', {
        field: 'body.slug',
      })
    }
    return c.json(Project.parse(answer), 201)
  })
  return router
}

async function rolesOf({ db }: Effects, userId: string): Promise<ReadonlyMap<string, Role>> {
  const rows = await db.select().from(memberships).where(eq(memberships.userId, userId))
  return new Map(rows.map((row) => [row.projectId, row.role as Role]))
}

async function requireSomeAdmin({ db }: Effects, identity: Identity): Promise<void> {
  if (identity.kind === 'operator') return
  const found =
    identity.kind === 'key'
      ? []
      : await db
          .select({ role: memberships.role })
          .from(memberships)
          .where(and(eq(memberships.userId, identity.userId), eq(memberships.role, 'admin')))
          .limit(1)
  if (found.length > 0) return
  throw new AppError(
    'forbidden',
    'Only the operator of the server, or an admin of a project, can make another project.',
    'Ask one of them.',
  )
}
