import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LedgerEntry } from '@leeway/contract/ledger'
import { canonicalText, KEY_ADDED, LEDGER_GENESIS_HASH } from '@leeway/contract/ledger-chain'
import { afterAll, describe, expect, test } from 'vitest'
import { CommandError } from '../../exit-codes.ts'
import { verifyExportedLedger } from './exported-ledger.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-ledger-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PROJECT = '01900000-0000-7000-8000-000000000001'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const spki = publicKey.export({ type: 'spki', format: 'der' })
const KEY = createHash('sha256').update(spki).digest('hex').slice(0, 16)

/** Written as the format says, not with the code that reads it. */
function chain(length: number): LedgerEntry[] {
  const entries: LedgerEntry[] = []
  for (let seq = 1; seq <= length; seq += 1) {
    const said = {
      seq,
      at: new Date(Date.UTC(2026, 0, seq)).toISOString(),
      actor: 'server',
      action: seq === 1 ? KEY_ADDED : 'gate.checked',
      body: seq === 1 ? { keyId: KEY, publicKey: spki.toString('base64') } : { n: seq },
      prevHash: entries.at(-1)?.hash ?? LEDGER_GENESIS_HASH,
    }
    const hash = createHash('sha256')
      .update(canonicalText({ projectId: PROJECT, ...said }))
      .digest('hex')
    const signature = sign(null, Buffer.from(`${PROJECT}:${seq}:${hash}`), privateKey).toString('base64')
    entries.push({ ...said, hash, signature, keyId: KEY })
  }
  return entries
}

let count = 0
function exported(entries: readonly unknown[], header: object = {}): string {
  count += 1
  const file = join(folder, `${count}.jsonl`)
  const first = {
    kind: 'leeway-ledger',
    version: 1,
    projectId: PROJECT,
    project: 'default',
    exportedAt: '2026-01-15T09:00:00.000Z',
    ...header,
  }
  writeFileSync(file, [first, ...entries].map((line) => JSON.stringify(line)).join('\n'))
  return file
}
const kinds = async (file: string, expect?: string) =>
  (await verifyExportedLedger(file, expect)).faults.map(({ kind, seq }) => `${kind} ${seq}`)

describe('an exported ledger', () => {
  const entries = chain(6)
  const head = `6:${entries[5]?.hash}`

  test('is whole by the file alone', async () => {
    expect(await verifyExportedLedger(exported(entries), head)).toMatchObject({
      intact: true,
      entries: 6,
      head: { text: head },
      keys: [{ keyId: KEY, fromSeq: 1 }],
    })
  })

  test('changed, removed, moved and cut-off lines are found', async () => {
    const changed = entries.map((entry) => (entry.seq === 3 ? { ...entry, body: { n: 4 } } : entry))
    expect(await kinds(exported(changed))).toEqual(['changed 3'])
    expect(await kinds(exported(entries.filter(({ seq }) => seq !== 3)))).toEqual(['removed 4'])
    const [a, b, c, d, e, f] = entries
    expect(await kinds(exported([a, b, d, c, e, f]))).toEqual(['removed 4', 'reordered 3'])
    expect(await kinds(exported(entries.slice(0, 4)), head)).toEqual(['truncated 6'])
  })

  test('of another project does not pass as this one', async () => {
    const moved = exported(entries, { projectId: PROJECT.replace(/1$/, '2') })
    expect((await verifyExportedLedger(moved, undefined)).faultCount).toBe(12)
  })
})

test('what is no export is said to be none, with file and line', async () => {
  const broken = join(folder, 'broken.jsonl')
  writeFileSync(broken, 'not json')
  await expect(verifyExportedLedger(broken, undefined)).rejects.toThrow(`${broken}:1 is not JSON`)
  const strange = exported([{ seq: 0 }])
  await expect(verifyExportedLedger(strange, undefined)).rejects.toThrow(/:2 is not a ledger entry: seq/)
  writeFileSync(broken, '')
  await expect(verifyExportedLedger(broken, undefined)).rejects.toThrow('is empty')
  await expect(verifyExportedLedger(join(folder, 'none'), undefined)).rejects.toThrow(CommandError)
})
