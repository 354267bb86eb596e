/** HTTP of a project's people. */
import { ChangeMember, Invite, IssuedLink, Member, MemberPage } from '@leeway/contract/accounts'
import { PageQuery } from '@leeway/contract/page'
import type { Context } from 'hono'
import { z } from 'zod'
import type { Effects, ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import type { MadeLink } from './account-links.ts'
import type { AccountServices } from './account-services.ts'
import { changeMember, inviteMember, listMembers, removeMember, resetMember } from './members.ts'

const params = z.object({ userId: z.string().max(100) })

const list = projectRoute({
  method: 'get',
  path: '/members',
  scope: 'read',
  summary: 'People of the project',
  request: { query: PageQuery },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: MemberPage } } } },
})

const invite = projectRoute({
  method: 'post',
  path: '/members/invite',
  scope: 'admin',
  summary: 'Make an invitation link: single use, 72 hours',
  request: { body: { required: true, content: { 'application/json': { schema: Invite } } } },
  responses: {
    201: { description: 'The link, shown once', content: { 'application/json': { schema: IssuedLink } } },
  },
})

const change = projectRoute({
  method: 'patch',
  path: '/members/{userId}',
  scope: 'admin',
  summary: 'Change the role, or disable or enable the account; disabling ends its sessions at once',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: ChangeMember } } },
  },
  responses: { 200: { description: 'The member', content: { 'application/json': { schema: Member } } } },
})

const remove = projectRoute({
  method: 'delete',
  path: '/members/{userId}',
  scope: 'admin',
  summary: 'Remove a member from the project',
  request: { params },
  responses: { 204: { description: 'Removed' } },
})

const reset = projectRoute({
  method: 'post',
  path: '/members/{userId}/reset',
  scope: 'admin',
  summary: 'Make a link that sets the password anew: single use, 72 hours',
  request: { params, body: { required: true, content: { 'application/json': { schema: z.object({}) } } } },
  responses: {
    201: { description: 'The link, shown once', content: { 'application/json': { schema: IssuedLink } } },
  },
})

export function memberRoutes(effects: Effects, accounts: AccountServices): FeatureRouter {
  const router = featureRouter()
  const issued = (c: Context<ProjectEnv>, link: MadeLink) => {
    c.set('shownOnce', true)
    return { url: `${accounts.pageUrl(c)}${link.path}`, expiresAt: link.expiresAt.toISOString() }
  }
  router.openapi(list, async (c) =>
    c.json(await listMembers(effects, c.var.project, c.req.valid('query')), 200),
  )
  router.openapi(invite, async (c) =>
    c.json(issued(c, await inviteMember(effects, c.var, c.req.valid('json').role)), 201),
  )
  router.openapi(change, async (c) =>
    c.json(await changeMember(effects, c.var, c.req.valid('param').userId, c.req.valid('json')), 200),
  )
  router.openapi(remove, async (c) => {
    await removeMember(effects, c.var, c.req.valid('param').userId)
    return c.body(null, 204)
  })
  router.openapi(reset, async (c) =>
    c.json(issued(c, await resetMember(effects, c.var, c.req.valid('param').userId)), 201),
  )
  return router
}
