import type { Context } from 'hono'
import type { EpisodeAliases } from '../episodes/episode-alias.ts'
import type { Auth } from './auth.ts'
import type { IdentityParts } from './identity.ts'
import type { KeyRing } from './key-ring.ts'

/** What the routes of accounts need beyond the common effects. */
export type AccountServices = {
  readonly auth: Auth
  readonly keyRing: KeyRing
  /** AES-256 key for provider keys. */
  readonly sealingKey: Uint8Array
  /** Whether webhooks may go to private networks, and without TLS. */
  readonly webhooksPrivate: boolean
  readonly aliases: EpisodeAliases
  readonly identity: IdentityParts
  /** Takes a token of the sender's address, and one of the address and account together. */
  readonly limitLogin: (c: Context, account: string) => void
  readonly limitAddress: (c: Context) => void
  /** Address of the page as people see it, without a trailing slash. */
  readonly pageUrl: (c: Context) => string
}
