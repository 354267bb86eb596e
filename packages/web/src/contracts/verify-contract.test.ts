import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { SignedContract } from '@leeway/contract/autonomy'
import { canonicalText } from '@leeway/contract/ledger-chain'
import { expect, test } from 'vitest'
import { verifyContract } from './verify-contract.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const contract = { agent: 'desk', version: 2, tools: [{ name: 'refund', stakes: 'costly' }] }
const sha256 = createHash('sha256').update(canonicalText(contract)).digest('hex')
const signed = {
  contract,
  sha256,
  signature: sign(null, Buffer.from(`leeway-contract:${sha256}`), privateKey).toString('base64'),
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
} as unknown as SignedContract

test('what was signed is believed, and nothing else', async () => {
  expect(await verifyContract(signed)).toEqual({ kind: 'whole' })
  const changed = { ...signed, contract: { ...signed.contract, version: 3 } }
  expect(await verifyContract(changed)).toEqual({ kind: 'broken', what: 'hash' })
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })
  const byOther = { ...signed, publicKey: other.toString('base64') }
  expect(await verifyContract(byOther)).toEqual({ kind: 'broken', what: 'signature' })
})

test('a key that nobody introduced, or that cannot be read, proves nothing either way', async () => {
  expect(await verifyContract({ ...signed, publicKey: null })).toEqual({ kind: 'unknown', why: 'no-key' })
  const unread = { ...signed, publicKey: 'AAAA' }
  expect(await verifyContract(unread)).toEqual({ kind: 'unknown', why: 'browser' })
})
