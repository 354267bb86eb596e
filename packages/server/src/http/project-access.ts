/** Settles for every route of a project who asks, in which project, and that the one may enter the other. */
import { and, eq } from 'drizzle-orm'
import type { Context, MiddlewareHandler } from 'hono'
import { type Identity, type IdentityParts, identify } from '../accounts/identity.ts'
import { memberships } from '../accounts/tables.ts'
import { projects } from '../projects/tables.ts'
import { AppError } from './app-error.ts'
import {
  type Effects,
  type Principal,
  type Project,
  type ProjectEnv,
  type Role,
  SCOPES,
} from './environment.ts'

/** Project from the path. A project that is missing and one that is not yours give the same answer. */
export function projectAccess(parts: IdentityParts): MiddlewareHandler<ProjectEnv> {
  return async (c, next) => {
    const identity = await identify(c, parts)
    const slug = c.req.param('project') ?? ''
    const project = await findProject(parts.effects, eq(projects.slug, slug))
    const principal = project === undefined ? undefined : await principalIn(parts.effects, identity, project)
    if (project === undefined || principal === undefined) throw noProject(slug)
    enter(c, principal, project)
    await next()
  }
}

/** For addresses that others define (OTLP's /v1/traces): the project is the key's, or named by X-Leeway-Project. */
export function keyProjectAccess(parts: IdentityParts): MiddlewareHandler<ProjectEnv> {
  return async (c, next) => {
    const identity = await identify(c, parts)
    const slug = c.req.header('x-leeway-project') ?? 'default'
    const project = await findProject(
      parts.effects,
      identity.kind === 'key' ? eq(projects.id, identity.projectId) : eq(projects.slug, slug),
    )
    const principal = project === undefined ? undefined : await principalIn(parts.effects, identity, project)
    if (project === undefined || principal === undefined) throw noProject(slug)
    enter(c, principal, project)
    await next()
  }
}

/** undefined: no access. */
async function principalIn(
  { db }: Effects,
  identity: Identity,
  project: Project,
): Promise<Principal | undefined> {
  if (identity.kind === 'operator') {
    return { kind: 'key', keyId: 'local-admin', name: 'operator of this server', scopes: SCOPES }
  }
  if (identity.kind === 'key') {
    if (identity.projectId !== project.id) return undefined
    return { kind: 'key', keyId: identity.keyId, name: identity.name, scopes: identity.scopes }
  }
  const [membership] = await db
    .select({ role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.projectId, project.id), eq(memberships.userId, identity.userId)))
  return membership === undefined ? undefined : { ...identity, role: membership.role as Role }
}

async function findProject({ db }: Effects, where: ReturnType<typeof eq>): Promise<Project | undefined> {
  const [project] = await db
    .select({ id: projects.id, slug: projects.slug, name: projects.name })
    .from(projects)
    .where(where)
  return project
}

function enter(c: Context<ProjectEnv>, principal: Principal, project: Project): void {
  c.set('principal', principal)
  c.set('project', project)
}

function noProject(slug: string): AppError {
  return new AppError(
    'not_found',
    `There is no project "${slug.slice(0, 63)}" that you may enter.`,
    'Check the name. GET /api/projects lists the projects you may enter.',
    { field: 'project' },
  )
}
