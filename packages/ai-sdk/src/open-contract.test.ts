import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import canonicalize from 'canonicalize'
import { expect, test } from 'vitest'
import { openContract } from './open-contract.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const grant = {
  policyId: 'v1',
  policySha256: '',
  autonomy: 'suggest',
  horizonSteps: 9,
  stakes: 'read',
  tools: 'all',
  withoutReview: 0.25,
  klNatsMax: null,
}
const contract = {
  format: 'leeway-contract/1',
  projectId: 'p',
  agent: 'Übersetzer',
  version: 1,
  issuedAt: '2026-11-01T00:00:00Z',
  expiresAt: '2027-01-01T00:00:00Z',
  tools: [{ name: 'find', stakes: 'read', arguments: { b: 1, a: [1e21, 0.1] } }],
  baseline: grant,
  candidate: null,
  limits: {
    bodyBytesMax: 2_048,
    callsMax: 1,
    denialsMax: 0,
    requestsPerMinute: 1,
    usdPerDay: null,
    holdsMax: 1,
    holdSeconds: 1,
  },
  failOpen: [],
  evidence: { releaseId: null, stage: null, checkId: null },
  approvers: ['a'],
}
function document(changes: Readonly<Record<string, unknown>> = {}, key = privateKey) {
  const sha256 = createHash('sha256')
    .update(canonicalize(contract) ?? '')
    .digest('hex')
  const signature = sign(null, Buffer.from(`leeway-contract:${sha256}`), key).toString('base64')
  const said = { keyId: 'k', publicKey: spki, reason: 'for a test', actorName: 'Ada' }
  return { contract: { ...contract, ...changes }, sha256, signature, ...said }
}

test('what was signed is opened, whatever the order of its members', async () => {
  const { contract: given, ...rest } = document()
  const turned = { ...rest, contract: Object.fromEntries(Object.entries(given).reverse()) }
  expect(await openContract(JSON.parse(JSON.stringify(turned)), spki)).toEqual(contract)
})

test.each([
  ['another word in it', document({ agent: 'other' }), spki, 'changed after it was issued'],
  ['a member left out', document({ tools: undefined }), spki, 'no contract'],
  ['another key', document({}, generateKeyPairSync('ed25519').privateKey), spki, 'signature'],
  ['a key that is none', document(), 'AAAA', 'signature'],
  ['something else', 'text', spki, 'no contract'],
])('%s is refused', async (_, given, key, why) => {
  await expect(openContract(given, key)).rejects.toThrow(why)
})
