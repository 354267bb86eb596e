import type { Me } from '@leeway/contract/accounts'
import { asc, eq } from 'drizzle-orm'
import type { Effects, Role } from '../http/environment.ts'
import { projects } from '../projects/tables.ts'
import type { Identity } from './identity.ts'
import { memberships } from './tables.ts'

/** Projects an identity may enter, listed in full up to this many. */
const PROJECTS_SHOWN_MAX = 1_000

/** Who asks, and the projects they may enter, by slug. */
export async function meOf({ db }: Effects, identity: Identity): Promise<Me> {
  const own = { slug: projects.slug, name: projects.name }
  if (identity.kind === 'person') {
    const rows = await db
      .select({ ...own, role: memberships.role })
      .from(memberships)
      .innerJoin(projects, eq(projects.id, memberships.projectId))
      .where(eq(memberships.userId, identity.userId))
      .orderBy(asc(projects.slug))
      .limit(PROJECTS_SHOWN_MAX)
    return {
      kind: 'person',
      name: identity.name,
      email: identity.email,
      projects: rows.map((row) => ({ ...row, role: row.role as Role })),
    }
  }
  const rows = await db
    .select(own)
    .from(projects)
    .where(identity.kind === 'key' ? eq(projects.id, identity.projectId) : undefined)
    .orderBy(asc(projects.slug))
    .limit(PROJECTS_SHOWN_MAX)
  return {
    kind: identity.kind,
    name: identity.kind === 'key' ? identity.name : 'operator of this server',
    email: null,
    projects: rows.map((row) => ({ ...row, role: null })),
  }
}
