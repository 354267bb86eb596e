/** Knows the table `projects`. Knows nothing of who may enter them. */
import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { projects } from './tables.ts'

export type ProjectRow = typeof projects.$inferSelect

/** By slug, after `afterSlug`; of `ids` only, when given. */
export async function findProjects(
  db: Executor,
  query: {
    readonly ids: readonly string[] | 'all'
    readonly afterSlug: string | undefined
    readonly limit: number
  },
): Promise<readonly ProjectRow[]> {
  if (query.ids !== 'all' && query.ids.length === 0) return []
  return db
    .select()
    .from(projects)
    .where(
      and(
        query.ids === 'all' ? undefined : inArray(projects.id, [...query.ids]),
        query.afterSlug === undefined ? undefined : gt(projects.slug, query.afterSlug),
      ),
    )
    .orderBy(asc(projects.slug))
    .limit(query.limit)
}

export async function findProjectBySlug(db: Executor, slug: string): Promise<ProjectRow | undefined> {
  const [row] = await db.select().from(projects).where(eq(projects.slug, slug))
  return row
}
