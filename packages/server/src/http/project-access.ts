/** Settles for every route of a project who asks, in which project, and that the one may enter the other. */
import { sql } from 'drizzle-orm'
import type { Context, MiddlewareHandler } from 'hono'
import { type Identity, type IdentityParts, identify } from '../accounts/identity.ts'
import type { Database } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { AppError } from './app-error.ts'
import { type Principal, type Project, type ProjectEnv, type Role, SCOPES } from './environment.ts'

/** Project from the path. A project that is missing and one that is not yours give the same answer. */
export function projectAccess(parts: IdentityParts): MiddlewareHandler<ProjectEnv> {
  return async (c, next) => {
    const identity = await identify(c, parts)
    const slug = c.req.param('project') ?? ''
    enter(c, slug, await accessTo(parts.effects.db, identity, slug))
    await next()
  }
}

/** For addresses that others define (OTLP's /v1/traces): the project is the key's, or named by X-Leeway-Project. */
export function keyProjectAccess(parts: IdentityParts): MiddlewareHandler<ProjectEnv> {
  return async (c, next) => {
    const identity = await identify(c, parts)
    const slug = c.req.header('x-leeway-project') ?? 'default'
    enter(c, slug, await accessTo(parts.effects.db, identity, identity.kind === 'key' ? null : slug))
    await next()
  }
}

type Access = { readonly principal: Principal; readonly project: Project }

/** `slug` null: the project of the key. undefined: no such project, or no access. */
async function accessTo(db: Database, identity: Identity, slug: string | null): Promise<Access | undefined> {
  const userId = identity.kind === 'person' ? identity.userId : null
  const keyProject = identity.kind === 'key' ? identity.projectId : null
  // Asked at every request: one statement for all of it.
  const [found] = await executePrepared<Project & { readonly role: Role | null }>(
    db,
    'project_access',
    sql`select projects.id, slug, name, role from projects
      left join memberships on memberships.project_id = projects.id and user_id = ${userId}::text
      where case when ${slug}::text is null then projects.id = ${keyProject}::uuid else slug = ${slug}::text end`,
  )
  if (found === undefined) return undefined
  const { role, ...project } = found
  const principal = principalIn(identity, project, role)
  return principal === undefined ? undefined : { principal, project }
}

/** undefined: no access. */
function principalIn(identity: Identity, project: Project, role: Role | null): Principal | undefined {
  if (identity.kind === 'operator') {
    return { kind: 'key', keyId: 'local-admin', name: 'operator of this server', scopes: SCOPES }
  }
  if (identity.kind === 'key') {
    if (identity.projectId !== project.id) return undefined
    return { kind: 'key', keyId: identity.keyId, name: identity.name, scopes: identity.scopes }
  }
  return role === null ? undefined : { ...identity, role }
}

function enter(c: Context<ProjectEnv>, slug: string, access: Access | undefined): void {
  if (access === undefined) throw noProject(slug)
  c.set('principal', access.principal)
  c.set('project', access.project)
}

function noProject(slug: string): AppError {
  return new AppError(
    'not_found',
    `There is no project "${slug.slice(0, 63)}" that you may enter.`,
    'Check the name. GET /api/projects lists the projects you may enter.',
    { field: 'project' },
  )
}
