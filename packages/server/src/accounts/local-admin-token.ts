import type { Effects } from '../http/environment.ts'
import { sha256Hex } from './key-ring.ts'

/**
 * Token of whoever can read the data directory: the operator of this server, admin of every project.
 *
 * Made anew at each start and known to this process only; `token` goes into `admin-token` (mode 0600), `sha256`
 * into `createApp`.
 */
export function issueLocalAdminToken(effects: Pick<Effects, 'randomBytes'>): {
  readonly token: string
  readonly sha256: string
} {
  const token = `lwa_${Buffer.from(effects.randomBytes(32)).toString('base64url')}`
  return { token, sha256: sha256Hex(token) }
}
