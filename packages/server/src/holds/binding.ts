/** What an approval is bound to, and the signature that says so. */
import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import type { Json } from '@leeway/core/episodes/episode'
import { canonicalJson } from '../episodes/canonical-json.ts'
import type { LedgerSigner } from '../ledger/append.ts'

export type Bound = {
  readonly projectId: string
  readonly agentId: string
  readonly policyId: string
  readonly place: string
  readonly turnId: string
  readonly conversation: string
  readonly contractVersion: number
  readonly calls: readonly { readonly tool: string; readonly argumentsText: string }[]
  readonly expiresAt: Date
}

/** SHA-256 (hex): another tool, another byte of an argument, another contract or a later hour gives another binding. */
export function bindingOf({ calls, expiresAt, ...bound }: Bound): string {
  return sha256(
    canonicalJson({
      ...bound,
      calls: calls.map(({ tool, argumentsText }) => [sha256(tool), sha256(argumentsText)]),
      expiresAt: expiresAt.toISOString(),
    } as Json),
  )
}

/** SHA-256 (hex) of what shall be carried out. */
export function carriedSha256(argumentsTexts: readonly string[]): string {
  return sha256(JSON.stringify(argumentsTexts.map(sha256)))
}

export type SignedAnswer = {
  readonly binding: string
  readonly kind: string
  readonly argumentsSha256: string
}

export function signAnswer(signer: LedgerSigner, answer: SignedAnswer): string {
  return sign(null, signed(answer), signer.privateKey).toString('base64')
}

/** `publicKey`: SPKI in DER, base64, as the ledger introduced it. Whoever took the answer may be another process with a key of its own. */
export function answerIsSigned(publicKey: string, answer: SignedAnswer, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return verify(null, signed(answer), key, Buffer.from(signature, 'base64'))
}

const signed = ({ binding, kind, argumentsSha256 }: SignedAnswer) =>
  Buffer.from(`leeway-hold:${binding}:${kind}:${argumentsSha256}`)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
