import { hkdfSync } from 'node:crypto'

/** One secret of the data directory, a key for each purpose: what leaks of one says nothing of another. */
export function deriveKeys(secretsKey: Uint8Array): {
  readonly sessionSecret: string
  /** 32 bytes for AES-256-GCM. */
  readonly sealingKey: Uint8Array
  /** 32 bytes: what raters call episodes. */
  readonly aliasKey: Uint8Array
} {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secretsKey, new Uint8Array(0), `leeway ${purpose}`, 32))
  return {
    sessionSecret: Buffer.from(derive('sessions')).toString('base64url'),
    sealingKey: derive('provider keys'),
    aliasKey: derive('episode aliases'),
  }
}
