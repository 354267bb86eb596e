import { memberships } from '../accounts/tables.ts'
import type { Effects, Project } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { findProjectBySlug } from './project-store.ts'
import { projects } from './tables.ts'

/**
 * Makes a project with the first entry of its ledger; `adminUserId` becomes its admin.
 * When the slug is taken, answers that project with `created: false` and changes nothing.
 */
export async function createProject(
  effects: Effects,
  wanted: { readonly slug: string; readonly name: string },
  by: { readonly actor: string; readonly adminUserId?: string },
): Promise<{ readonly project: Project; readonly created: boolean }> {
  return effects.db.transaction(async (tx) => {
    const id = effects.newId()
    const at = effects.now()
    const made = await tx
      .insert(projects)
      .values({ id, slug: wanted.slug, name: wanted.name, retentionDays: null, redaction: [], createdAt: at })
      .onConflictDoNothing({ target: projects.slug })
      .returning({ id: projects.id })
    if (made.length === 0) {
      const there = await findProjectBySlug(tx, wanted.slug)
      if (there === undefined) throw new Error(`project ${wanted.slug} vanished`)
      return { project: { id: there.id, slug: there.slug, name: there.name }, created: false }
    }
    if (by.adminUserId !== undefined) {
      await tx
        .insert(memberships)
        .values({ projectId: id, userId: by.adminUserId, role: 'admin', createdAt: at })
    }
    await appendLedger(tx, effects.ledgerSigner, {
      projectId: id,
      at,
      actor: by.actor,
      action: 'project.created',
      body: { slug: wanted.slug },
    })
    return { project: { id, slug: wanted.slug, name: wanted.name }, created: true }
  })
}
