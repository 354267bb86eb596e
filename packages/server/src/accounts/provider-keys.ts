/** Keys of model providers: sealed before they are written, opened by nobody but the caller of a model. */
import type { CreateProviderKey, ProviderKey } from '@leeway/contract/accounts'
import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { z } from 'zod'
import { AppError } from '../http/app-error.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import type { Effects, Project } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { idCursor } from './list-page.ts'
import { seal } from './sealing.ts'
import { providerKeys } from './tables.ts'

/** What a sealed key is bound to. */
export const sealedPlace = (projectId: string, id: string): string => `${projectId}/provider-key/${id}`

export async function createProviderKey(
  effects: Effects,
  sealingKey: Uint8Array,
  project: Project,
  actor: string,
  wanted: z.output<typeof CreateProviderKey>,
): Promise<ProviderKey> {
  const id = effects.newId()
  const at = effects.now()
  const row: typeof providerKeys.$inferSelect = {
    projectId: project.id,
    id,
    provider: wanted.provider,
    name: wanted.name,
    sealed: seal(sealingKey, wanted.secret, sealedPlace(project.id, id), effects.randomBytes),
    createdBy: actor,
    createdAt: at,
    revokedAt: null,
  }
  await effects.db.transaction(async (tx) => {
    await tx.insert(providerKeys).values(row)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId: project.id,
      at,
      actor,
      action: 'provider-key.created',
      body: { keyId: id, provider: wanted.provider },
    })
  })
  return answer(row)
}

/** Newest first. */
export async function listProviderKeys(
  { db }: Effects,
  project: Project,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const before = decodeCursor(page.cursor, idCursor)?.[0]
  const rows = await db
    .select()
    .from(providerKeys)
    .where(
      and(
        eq(providerKeys.projectId, project.id),
        before === undefined ? undefined : lt(providerKeys.id, before),
      ),
    )
    .orderBy(desc(providerKeys.id))
    .limit(page.limit + 1)
  const shown = pageOfRows(rows, page.limit, (row) => [row.id])
  return { items: shown.rows.map(answer), nextCursor: shown.nextCursor }
}

/** The sealed text goes too: nothing is left to open. Throws AppError not_found. */
export async function revokeProviderKey(
  effects: Effects,
  project: Project,
  actor: string,
  keyId: string,
): Promise<void> {
  const own = and(eq(providerKeys.projectId, project.id), eq(providerKeys.id, keyId))
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    const revoked = await tx
      .update(providerKeys)
      .set({ revokedAt: at, sealed: '' })
      .where(and(own, isNull(providerKeys.revokedAt)))
      .returning({ id: providerKeys.id })
    if (revoked.length > 0) {
      await appendLedger(tx, effects.ledgerSigner, {
        projectId: project.id,
        at,
        actor,
        action: 'provider-key.revoked',
        body: { keyId },
      })
      return
    }
    const there = await tx.select({ id: providerKeys.id }).from(providerKeys).where(own)
    if (there.length === 0) {
      throw new AppError('not_found', 'This project has no such key.', 'The list of keys shows their ids.')
    }
  })
}

function answer(row: typeof providerKeys.$inferSelect): ProviderKey {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}
