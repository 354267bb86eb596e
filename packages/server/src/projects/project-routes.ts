/** A project's own routes: what it is called. */
import { type Project, Project as ProjectShape, RenameProject } from '@leeway/contract/projects'
import { eq } from 'drizzle-orm'
import type { Effects, Principal } from '../http/environment.ts'
import { actorOf } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { appendLedger } from '../ledger/append.ts'
import { findProjectBySlug, type ProjectRow } from './project-store.ts'
import { projects } from './tables.ts'

const show = projectRoute({
  method: 'get',
  path: '/',
  scope: 'member',
  summary: 'Show the project',
  responses: {
    200: { description: 'The project', content: { 'application/json': { schema: ProjectShape } } },
  },
})

const rename = projectRoute({
  method: 'patch',
  path: '/',
  scope: 'admin',
  summary: 'Rename the project',
  request: { body: { required: true, content: { 'application/json': { schema: RenameProject } } } },
  responses: {
    200: { description: 'The project', content: { 'application/json': { schema: ProjectShape } } },
  },
})

export function projectRoutes(effects: Effects): FeatureRouter {
  const router = featureRouter()
  router.openapi(show, async (c) => {
    const row = await findProjectBySlug(effects.db, c.var.project.slug)
    if (row === undefined) throw new Error('the project vanished')
    return c.json(projectAnswer(row, roleOf(c.var.principal)), 200)
  })
  router.openapi(rename, async (c) => {
    const { name } = c.req.valid('json')
    const row = await effects.db.transaction(async (tx) => {
      const [renamed] = await tx
        .update(projects)
        .set({ name })
        .where(eq(projects.id, c.var.project.id))
        .returning()
      await appendLedger(tx, effects.ledgerSigner, {
        projectId: c.var.project.id,
        at: effects.now(),
        actor: actorOf(c.var.principal),
        action: 'project.renamed',
        body: { slug: c.var.project.slug },
      })
      return renamed
    })
    if (row === undefined) throw new Error('the project vanished')
    return c.json(projectAnswer(row, roleOf(c.var.principal)), 200)
  })
  return router
}

export function projectAnswer(row: ProjectRow, role: Project['role']): Project {
  return { slug: row.slug, name: row.name, createdAt: row.createdAt.toISOString(), role }
}

const roleOf = (principal: Principal) => (principal.kind === 'person' ? principal.role : null)
