/**
 * API keys by their SHA-256, remembered for half a second.
 *
 * A key revoked by another process is refused within that time; one revoked here, at once (`forget`).
 */
import { hash } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Effects, Scope } from '../http/environment.ts'
import { apiKeys } from './tables.ts'

export type ApiKey = {
  readonly projectId: string
  readonly keyId: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date | null
}

export type KeyRing = {
  /** undefined: unknown, revoked or expired. */
  readonly find: (token: string) => Promise<ApiKey | undefined>
  readonly forget: () => void
}

/** Half of the second that a revoked key may still live. */
const REMEMBER_MS = 500
const REMEMBER_MAX = 10_000
/** Last use is for people to see whether a key is needed: minutes are enough, and spare a write a request. */
const LAST_USED_EVERY_MS = 60_000

export const sha256Hex = (text: string): string => hash('sha256', text)

export function createKeyRing(effects: Effects): KeyRing {
  const remembered = new Map<string, { readonly key: ApiKey; readonly untilMs: number }>()
  const load = async (keySha256: string): Promise<ApiKey | undefined> => {
    const [row] = await effects.db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.keySha256, keySha256), isNull(apiKeys.revokedAt)))
    if (row === undefined) return undefined
    const now = effects.now()
    if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() > LAST_USED_EVERY_MS) {
      await effects.db
        .update(apiKeys)
        .set({ lastUsedAt: now })
        .where(and(eq(apiKeys.projectId, row.projectId), eq(apiKeys.id, row.id)))
    }
    return {
      projectId: row.projectId,
      keyId: row.id,
      name: row.name,
      scopes: row.scopes as readonly Scope[],
      expiresAt: row.expiresAt,
    }
  }
  return {
    find: async (token) => {
      const keySha256 = sha256Hex(token)
      const known = remembered.get(keySha256)
      const clockMs = performance.now()
      let key = known !== undefined && known.untilMs > clockMs ? known.key : undefined
      if (key === undefined) {
        remembered.delete(keySha256)
        key = await load(keySha256)
        if (key === undefined) return undefined
        if (remembered.size >= REMEMBER_MAX) remembered.clear()
        // The time counts from before the query: a revocation during it is not hidden for longer.
        remembered.set(keySha256, { key, untilMs: clockMs + REMEMBER_MS })
      }
      return key.expiresAt !== null && key.expiresAt <= effects.now() ? undefined : key
    },
    forget: () => remembered.clear(),
  }
}
