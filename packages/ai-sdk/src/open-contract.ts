/** Reads what `leeway contract show AGENT --json` prints, and believes it only when it is what the ledger's key signed. */
import { SignedContract } from '@leeway/contract/autonomy'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import canonicalize from 'canonicalize'

export class ContractRefusal extends Error {
  override readonly name = 'ContractRefusal'
}

/**
 * `document`: the JSON, parsed. `publicKey`: SPKI in DER, base64, as the ledger introduced it; kept where whoever can change the
 * document cannot change it. Throws ContractRefusal for anything else than the document that was signed. Whether it is the newest
 * version nobody can tell from it; whether it has expired is asked at each call.
 */
export async function openContract(document: unknown, publicKey: string): Promise<AutonomyContract> {
  const parsed = SignedContract.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ContractRefusal(
      `This is no contract as "leeway contract show AGENT --json" prints it: ${issue?.path.join('.')} ${issue?.message}`,
    )
  }
  const { contract, sha256, signature } = parsed.data
  if ((await sha256Hex(canonicalize(contract) ?? '')) !== sha256)
    throw new ContractRefusal(
      'The contract is not the one that was hashed: it was changed after it was issued.',
    )
  if (!(await isSigned(sha256, signature, publicKey)))
    throw new ContractRefusal('The signature is not of this contract, or not by this key.')
  // The schema of the API and the type of core describe the same document.
  return contract as unknown as AutonomyContract
}

async function sha256Hex(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function isSigned(sha256: string, signature: string, publicKey: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('spki', bytesOf(publicKey), 'Ed25519', false, ['verify'])
    const signed = new TextEncoder().encode(`leeway-contract:${sha256}`)
    return await crypto.subtle.verify('Ed25519', key, bytesOf(signature), signed)
  } catch {
    return false
  }
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
