import { LedgerEntry, LedgerExportHeader, LedgerPage, LedgerVerification } from '@leeway/contract/ledger'
import { canonicalText, checkLedger } from '@leeway/contract/ledger-chain'
import canonicalize from 'canonicalize'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Project } from '../http/environment.ts'
import { createProject } from '../projects/create-project.ts'
import { LEDGER_ACTION } from '../releases/record-decisions.ts'
import { testDatabase, testEffects } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { appendLedger } from './append.ts'
import { describeEntry } from './describe-entry.ts'
import { ledgerCrypto } from './ledger-crypto.ts'
import { verifyLedger } from './verify-ledger.ts'

const database = await testDatabase()
const { db } = database
const server = await testServer(db)
const { effects } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

let project: Project
let count = 0

/** A chain of 12: the key, the project, ten acts. */
beforeEach(async () => {
  count += 1
  const made = await createProject(effects, { slug: `p${count}`, name: 'P' }, { actor: 'server' })
  project = made.project
  for (let n = 1; n <= 10; n += 1) {
    await db.transaction((tx) =>
      appendLedger(tx, effects.ledgerSigner, {
        projectId: project.id,
        at: effects.now(),
        actor: n % 2 === 0 ? 'person:ada' : 'server',
        action: 'gate.checked',
        body: { n, decision: 'hold', e: 1.5e-7, text: 'ü\u2028"' },
      }),
    )
    effects.advance(1_000)
  }
})

/** What somebody with the database's superuser could do. */
async function tamper(...statements: ReturnType<typeof sql>[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`alter table ledger_entries disable trigger all`)
    for (const statement of statements) await tx.execute(statement)
    await tx.execute(sql`alter table ledger_entries enable always trigger append_only`)
  })
}

const own = () => sql`project_id = ${project.id}`
const kinds = async (expect?: string) =>
  (await verifyLedger(effects, project.id, expect)).faults.map((fault) => `${fault.kind} ${fault.seq}`)

describe('verify', () => {
  test('a chain nobody touched is intact, and names the key that signed', async () => {
    const found = await verifyLedger(effects, project.id)
    expect(found).toMatchObject({ intact: true, entries: 12, faultCount: 0 })
    expect(found.head.seq).toBe(12)
    expect(found.keys).toEqual([{ keyId: effects.ledgerSigner.keyId, fromSeq: 1, ofThisServer: true }])
    expect((await verifyLedger(effects, project.id, found.head.text)).intact).toBe(true)
  })

  test('the database itself refuses a change, even from us', async () => {
    await expect(db.execute(sql`update ledger_entries set actor = 'x' where ${own()}`)).rejects.toThrow()
    await expect(db.execute(sql`delete from ledger_entries where ${own()}`)).rejects.toThrow()
  })

  test.each([
    ['actor', sql`actor = 'person:eve'`],
    ['action', sql`action = 'gate.passed'`],
    ['body', sql`body = jsonb_set(body, '{n}', '99')`],
    ['time', sql`at = at + interval '1 millisecond'`],
  ])('a changed %s is found where it is', async (_what, change) => {
    await tamper(sql`update ledger_entries set ${change} where ${own()} and seq = 5`)
    expect(await kinds()).toEqual(['changed 5'])
  })

  test('a changed entry with its hash made to fit is found by link and signature', async () => {
    const { rows } = await db.execute<{ at: Date }>(
      sql`select at from ledger_entries where ${own()} and seq = 5`,
    )
    const prev = await db.execute<{ hash: string }>(
      sql`select hash from ledger_entries where ${own()} and seq = 4`,
    )
    const entry = {
      projectId: project.id,
      seq: 5,
      at: new Date(String(rows[0]?.at)).toISOString(),
      actor: 'person:eve',
      action: 'gate.checked',
      body: {},
      prevHash: prev.rows[0]?.hash ?? '',
    }
    const hash = ledgerCrypto.sha256(canonicalText(entry))
    await tamper(
      sql`update ledger_entries set actor = 'person:eve', body = '{}', hash = ${hash} where ${own()} and seq = 5`,
    )
    expect(await kinds()).toEqual(['bad_signature 5', 'reordered 6'])
  })

  test('a removed entry is found, first, middle or several', async () => {
    await tamper(sql`delete from ledger_entries where ${own()} and seq in (6, 7)`)
    expect(await kinds()).toEqual(['removed 8'])
    await tamper(sql`delete from ledger_entries where ${own()} and seq = 2`)
    expect(await kinds()).toContain('removed 3')
  })

  test('removed and renumbered to hide it: the entry behind no longer fits', async () => {
    await tamper(
      sql`delete from ledger_entries where ${own()} and seq = 6`,
      sql`update ledger_entries set seq = -seq where ${own()} and seq > 6`,
      sql`update ledger_entries set seq = -seq - 1 where ${own()} and seq < 0`,
    )
    const found = await kinds()
    expect(found).toContain('reordered 6')
    expect(found).toContain('changed 6')
  })

  test('two entries swapped are found', async () => {
    await tamper(
      sql`update ledger_entries set seq = -1 where ${own()} and seq = 5`,
      sql`update ledger_entries set seq = 5 where ${own()} and seq = 6`,
      sql`update ledger_entries set seq = 6 where ${own()} and seq = -1`,
    )
    const found = await kinds()
    expect(found).toContain('reordered 5')
    expect(found).toContain('reordered 6')
  })

  test('a cut-off end is found by the head somebody kept, and only by it', async () => {
    const { head } = await verifyLedger(effects, project.id)
    await tamper(sql`delete from ledger_entries where ${own()} and seq > 9`)
    expect(await kinds()).toEqual([])
    expect(await kinds(head.text)).toEqual(['truncated 12'])
  })

  test('an end written anew with another key shows the key, and does not fit the kept head', async () => {
    const { head } = await verifyLedger(effects, project.id)
    await tamper(sql`delete from ledger_entries where ${own()} and seq > 9`)
    const { generateKeyPairSync } = await import('node:crypto')
    const { ledgerSignerFrom } = await import('../launch/data-directory.ts')
    const { privateKey } = generateKeyPairSync('ed25519')
    const eve = ledgerSignerFrom(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    for (let n = 1; n <= 3; n += 1) {
      await db.transaction((tx) =>
        appendLedger(tx, eve, {
          projectId: project.id,
          at: effects.now(),
          actor: 'person:ada',
          action: 'stage.approved',
          body: { n },
        }),
      )
    }
    const found = await verifyLedger(effects, project.id, head.text)
    expect(found.keys.map(({ ofThisServer }) => ofThisServer)).toEqual([true, false])
    expect(found.faults.map(({ kind }) => kind)).toEqual(['unexpected_head'])
  })

  test('a forged signature, and a signature under a key never introduced, are found', async () => {
    await tamper(sql`update ledger_entries set signature = 'AAAA' where ${own()} and seq = 3`)
    expect(await kinds()).toEqual(['bad_signature 3'])
    await tamper(sql`update ledger_entries set key_id = '0123456789abcdef' where ${own()} and seq = 3`)
    expect(await kinds()).toEqual(['unknown_key 3'])
  })

  test('any one change to any one exported entry is found', async () => {
    const answer = await server.request(`/api/projects/${project.slug}/ledger/export`, {
      token: server.operatorToken,
    })
    const lines = (await answer.text()).trimEnd().split('\n')
    const header = LedgerExportHeader.parse(JSON.parse(lines[0] ?? ''))
    const entries = lines.slice(1).map((line) => LedgerEntry.parse(JSON.parse(line)))
    expect(entries).toHaveLength(12)
    const intact = (chain: readonly LedgerEntry[]) => {
      const check = checkLedger({ projectId: header.projectId, crypto: ledgerCrypto })
      for (const entry of chain) check.push(entry)
      return check.finish().intact
    }
    expect(intact(entries)).toBe(true)
    const field = fc.constantFrom('at', 'actor', 'action', 'body', 'prevHash', 'hash', 'signature', 'keyId')
    fc.assert(
      fc.property(fc.nat(entries.length - 1), field, (at, name) => {
        const changed = entries.map((entry, index) =>
          index === at ? { ...entry, [name]: `${JSON.stringify(entry[name as 'at'])}x` } : entry,
        )
        return !intact(changed)
      }),
      { seed: 20261123, numRuns: 200 },
    )
  })
})

test('our canonical text is RFC 8785’s, by the library that hashes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => canonicalText(value) === canonicalize(value)),
    { seed: 20261123, numRuns: 500 },
  )
})

test('writers at once leave one chain without gaps', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      db.transaction((tx) =>
        appendLedger(tx, effects.ledgerSigner, {
          projectId: project.id,
          at: effects.now(),
          actor: 'server',
          action: 'gate.checked',
          body: { n },
        }),
      ),
    ),
  )
  expect(await verifyLedger(effects, project.id)).toMatchObject({ intact: true, entries: 32 })
})

test('an entry reads as a sentence, with names where they are known', () => {
  const body = { candidate: 'p2', baseline: 'p1', fromStage: 'sample-50', toStage: 'sample-10' }
  const names = new Map([['p2', 'refunds-v2']])
  expect(describeEntry({ action: 'promotion.approved', body }, 'Ada', names)).toBe(
    'Ada approved sample-10 for refunds-v2.',
  )
  expect(describeEntry({ action: 'stage.promoted', body }, 'The server')).toBe(
    'The candidate moved up to sample-10.',
  )
  expect(
    describeEntry({ action: 'release.rolled-back', body: { ...body, toStage: null } }, 'The gate', names),
  ).toBe('The gate rolled refunds-v2 back: it left sample-50, and the release ended.')
  expect(describeEntry({ action: 'stage.promoted', body }, 'The gate', names)).toBe(
    'refunds-v2 moved up to sample-10.',
  )
  expect(describeEntry({ action: 'moon.landed', body: null }, 'Ada')).toBe('Ada: moon landed.')
})

test('every action of the releases has a sentence of its own', () => {
  for (const action of Object.values(LEDGER_ACTION)) {
    expect(describeEntry({ action, body: {} }, 'Ada')).not.toMatch(/^Ada: /)
  }
})

describe('HTTP', () => {
  const get = async (path: string) =>
    server.request(`/api/projects/${project.slug}/ledger${path}`, {
      token: await server.key(['read'], project),
    })

  test('the list goes newest first in pages, with sentences and names; filters hold', async () => {
    const first = LedgerPage.parse(await (await get('?limit=5')).json())
    const second = LedgerPage.parse(await (await get(`?limit=200&cursor=${first.nextCursor}`)).json())
    const seqs = [...first.items, ...second.items].map(({ seq }) => seq)
    expect(seqs).toEqual([...seqs].sort((one, other) => other - one))
    expect(second.nextCursor).toBeNull()
    // The two keys made for these requests stand on top of the twelve.
    expect(first.items[0]?.sentence).toBe('The server made an API key for read.')
    const ada = LedgerPage.parse(await (await get('?actor=person:ada')).json())
    expect(ada.items).toHaveLength(5)
    expect(ada.items[0]?.sentence).toBe('Somebody who is gone: gate checked.')
    const action = LedgerPage.parse(await (await get('?action=project.created')).json())
    expect(action.items.map(({ seq }) => seq)).toEqual([2])
    const from = ada.items[1]?.at ?? ''
    const since = LedgerPage.parse(await (await get(`?actor=person:ada&from=${from}`)).json())
    expect(since.items).toHaveLength(2)
  })

  test('a cursor of another list is refused', async () => {
    const answer = await get('?cursor=abc')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ field: 'query.cursor' })
  })

  test('verify answers what the service finds', async () => {
    const found = LedgerVerification.parse(await (await get(`/verify?expect=3:${'0'.repeat(64)}`)).json())
    expect(found.intact).toBe(false)
    expect(found.faults[0]).toMatchObject({ kind: 'unexpected_head', seq: 3 })
  })
})

test('a ledger without entries is intact, at head 0', async () => {
  const empty = testEffects(db, { seed: 'empty' })
  expect(await verifyLedger(empty, empty.newId())).toMatchObject({ intact: true, entries: 0, keys: [] })
})
