/** Knows `api_keys`. A key is seen in clear once, by whoever made it. */
import type { ApiKey, CreateApiKey, CreatedApiKey } from '@leeway/contract/accounts'
import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { z } from 'zod'
import { AppError } from '../http/app-error.ts'
import { decodeCursor, pageOfRows } from '../http/cursor.ts'
import type { Effects, Project } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { sha256Hex } from './key-ring.ts'
import { idCursor } from './list-page.ts'
import { apiKeys } from './tables.ts'

const DAY_MS = 86_400_000
/** `lw_` and enough to tell a person's keys apart; 256 − 36 bits stay unknown. */
const PREFIX_LENGTH = 9

export async function createApiKey(
  effects: Effects,
  project: Project,
  actor: string,
  wanted: z.output<typeof CreateApiKey>,
): Promise<z.infer<typeof CreatedApiKey>> {
  const key = `lw_${Buffer.from(effects.randomBytes(32)).toString('base64url')}`
  const at = effects.now()
  const row: typeof apiKeys.$inferSelect = {
    projectId: project.id,
    id: effects.newId(),
    name: wanted.name,
    keySha256: sha256Hex(key),
    prefix: key.slice(0, PREFIX_LENGTH),
    scopes: [...new Set(wanted.scopes)],
    createdBy: actor,
    createdAt: at,
    expiresAt: wanted.expiresInDays === null ? null : new Date(at.getTime() + wanted.expiresInDays * DAY_MS),
    lastUsedAt: null,
    revokedAt: null,
  }
  await effects.db.transaction(async (tx) => {
    await tx.insert(apiKeys).values(row)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId: project.id,
      at,
      actor,
      action: 'key.created',
      body: { keyId: row.id, scopes: row.scopes, expiresAt: row.expiresAt?.toISOString() ?? null },
    })
  })
  return { ...keyAnswer(row), key }
}

/** Newest first. */
export async function listApiKeys(
  { db }: Effects,
  project: Project,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const before = decodeCursor(page.cursor, idCursor)?.[0]
  const rows = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.projectId, project.id), before === undefined ? undefined : lt(apiKeys.id, before)))
    .orderBy(desc(apiKeys.id))
    .limit(page.limit + 1)
  const shown = pageOfRows(rows, page.limit, (row) => [row.id])
  return { items: shown.rows.map(keyAnswer), nextCursor: shown.nextCursor }
}

/** Revoking twice is fine. Throws AppError not_found. */
export async function revokeApiKey(
  effects: Effects,
  project: Project,
  actor: string,
  keyId: string,
): Promise<void> {
  const own = and(eq(apiKeys.projectId, project.id), eq(apiKeys.id, keyId))
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    const revoked = await tx
      .update(apiKeys)
      .set({ revokedAt: at })
      .where(and(own, isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id })
    if (revoked.length > 0) {
      await appendLedger(tx, effects.ledgerSigner, {
        projectId: project.id,
        at,
        actor,
        action: 'key.revoked',
        body: { keyId },
      })
      return
    }
    const there = await tx.select({ id: apiKeys.id }).from(apiKeys).where(own)
    if (there.length === 0) {
      throw new AppError('not_found', 'This project has no such key.', 'The list of keys shows their ids.')
    }
  })
}

function keyAnswer(row: typeof apiKeys.$inferSelect): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes as ApiKey['scopes'],
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}
