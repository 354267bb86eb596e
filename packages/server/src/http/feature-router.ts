/**
 * How a feature declares its routes under `/api/projects/{project}`:
 *
 *     const list = projectRoute({ method: 'get', path: '/episodes', scope: 'read', summary: '…', request: {…}, responses: {…} })
 *     export const episodeRoutes = (effects: Effects) => {
 *       const router = featureRouter()
 *       router.openapi(list, async (c) => c.json(await listEpisodes(effects, c.var.project, c.req.valid('query')), 200))
 *       return router
 *     }
 *
 * and one line in `features.ts`. Who asks and in which project is settled before the route runs.
 */
import { createRoute, OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { AppError } from './app-error.ts'
import type { Principal, ProjectEnv, Role, Scope } from './environment.ts'
import { refuseInvalid } from './validation.ts'

export type FeatureRouter = OpenAPIHono<ProjectEnv>

/** 'member': any principal of the project, raters too. Such an answer is built from an allow-list. */
export type RouteScope = Scope | 'member'

/** OpenAPI's word for: an API key or a signed-in person. */
export const KEY_OR_SESSION: Record<string, string[]>[] = [{ key: [] }, { session: [] }]

export function featureRouter(): FeatureRouter {
  return new OpenAPIHono<ProjectEnv>({ defaultHook: refuseInvalid })
}

/** `createRoute` of zod-openapi that also names who may call it. `path` is relative to the project. */
export function projectRoute<
  P extends string,
  R extends Omit<RouteConfig, 'path' | 'middleware'> & { path: P; scope: RouteScope },
>(config: R) {
  const { scope, ...route } = config
  return createRoute({
    ...route,
    path: config.path,
    middleware: requireScope(scope),
    'x-scope': scope,
    security: KEY_OR_SESSION,
  } as unknown as R & { path: P; middleware: MiddlewareHandler<ProjectEnv> })
}

/** Refuses with `forbidden` unless the principal has the scope. */
function requireScope(scope: RouteScope): MiddlewareHandler<ProjectEnv> {
  return async (c, next) => {
    const principal = c.get('principal')
    if (!hasScope(principal, scope)) {
      throw new AppError(
        'forbidden',
        principal.kind === 'person'
          ? `The role ${principal.role} does not include ${scope}.`
          : `The key "${principal.name}" lacks the scope ${scope}.`,
        principal.kind === 'person'
          ? 'Ask an admin of this project to do it, or to change your role.'
          : `Make a key with the scope ${scope}.`,
      )
    }
    await next()
  }
}

const ROLE_SCOPES: Readonly<Record<Role, readonly RouteScope[]>> = {
  admin: ['member', 'read', 'ingest', 'act', 'rate', 'release', 'admin'],
  // No 'read': lists of policies, arms and evidence would tell raters what they must not know.
  rater: ['member', 'rate'],
  auditor: ['member', 'read'],
}

export function roleHasScope(role: Role, scope: RouteScope): boolean {
  return ROLE_SCOPES[role].includes(scope)
}

export function hasScope(principal: Principal, scope: RouteScope): boolean {
  if (principal.kind === 'person') return roleHasScope(principal.role, scope)
  return scope === 'member' || principal.scopes.includes(scope)
}
