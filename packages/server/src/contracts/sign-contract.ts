/** The hash and the signature of a contract. */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import type { Json } from '@leeway/core/episodes/episode'
import { canonicalJson } from '../episodes/canonical-json.ts'
import type { LedgerSigner } from '../ledger/append.ts'

/** SHA-256 (hex) of the canonical JSON (RFC 8785). */
export function contractSha256(contract: AutonomyContract): string {
  return createHash('sha256')
    .update(canonicalJson(contract as unknown as Json))
    .digest('hex')
}

/** Ed25519 by the ledger's key, base64. */
export function signContract(signer: LedgerSigner, sha256: string): string {
  return sign(null, signed(sha256), signer.privateKey).toString('base64')
}

/** `publicKey`: SPKI in DER, base64, as the ledger introduces it. */
export function contractIsSigned(
  { sha256, signature }: { readonly sha256: string; readonly signature: string },
  publicKey: string | KeyObject,
): boolean {
  try {
    const key =
      typeof publicKey === 'string'
        ? createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
        : publicKey
    return verify(null, signed(sha256), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

const signed = (sha256: string) => Buffer.from(`leeway-contract:${sha256}`)
