import { and, eq, isNull } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { providerKeys } from './tables.ts'

/** Throws AppError not_found where the project has no such key, or has revoked it. */
export async function requireProviderKey(
  executor: Executor,
  projectId: string,
  keyId: string,
): Promise<void> {
  const found = await executor
    .select({ id: providerKeys.id })
    .from(providerKeys)
    .where(
      and(eq(providerKeys.projectId, projectId), eq(providerKeys.id, keyId), isNull(providerKeys.revokedAt)),
    )
  if (found.length === 0)
    throw new AppError('not_found', 'This project has no such provider key.', 'Store one under Settings.', {
      field: 'body.providerKeyId',
    })
}
