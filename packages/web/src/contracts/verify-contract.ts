/** Whether a contract is what its key signed, found out in this browser: hash (RFC 8785, SHA-256), then signature (Ed25519). */
import type { SignedContract } from '@leeway/contract/autonomy'
import { canonicalText } from '@leeway/contract/ledger-chain'

export type ContractSeal =
  | { readonly kind: 'whole' }
  /** Not what was hashed, or not what was signed. */
  | { readonly kind: 'broken'; readonly what: 'hash' | 'signature' }
  /** 'no-key': the ledger never introduced it. 'browser': this one cannot, as on pages without HTTPS. */
  | { readonly kind: 'unknown'; readonly why: 'no-key' | 'browser' }

export async function verifyContract(signed: SignedContract): Promise<ContractSeal> {
  const { subtle } = globalThis.crypto
  // Browsers take it away from pages without HTTPS, whatever its type says.
  if (subtle === undefined) return { kind: 'unknown', why: 'browser' }
  const hashed = await subtle.digest('SHA-256', new TextEncoder().encode(canonicalText(signed.contract)))
  if (hex(new Uint8Array(hashed)) !== signed.sha256) return { kind: 'broken', what: 'hash' }
  if (signed.publicKey === null) return { kind: 'unknown', why: 'no-key' }
  const key = await importKey(signed.publicKey)
  if (key === null) return { kind: 'unknown', why: 'browser' }
  const text = new TextEncoder().encode(`leeway-contract:${signed.sha256}`)
  const fits = await subtle.verify('Ed25519', key, bytesOf(signed.signature), text)
  return fits ? { kind: 'whole' } : { kind: 'broken', what: 'signature' }
}

/** Null where the browser does not know Ed25519. */
async function importKey(publicKey: string): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('spki', bytesOf(publicKey), 'Ed25519', false, ['verify'])
  } catch {
    return null
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
