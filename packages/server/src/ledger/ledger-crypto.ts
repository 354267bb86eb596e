/** Node's hashing and Ed25519 in the form that `checkLedger` asks for. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import type { LedgerCrypto } from '@leeway/contract/ledger-chain'

export const ledgerCrypto: LedgerCrypto = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  sha256OfBase64: (base64) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex'),
  verify: (publicKey, text, signature) => {
    // Node skips what is not base64; a signature that reads differently is not the one that was written.
    const bytes = Buffer.from(signature, 'base64')
    if (bytes.toString('base64') !== signature) return false
    try {
      const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
      return verify(null, Buffer.from(text), key, bytes)
    } catch {
      return false
    }
  },
}
